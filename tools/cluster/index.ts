/** `npm run cluster -- up|down|status`: a local Kubernetes cluster that stays until it is ended. */
import { Command, InvalidArgumentError } from "commander";
import { ToolchainError } from "../toolchain/ensure";
import { ClusterError } from "./cluster";
import { down, knownClusters, up, useNamed } from "./detached";
import type { NamedOptions } from "./named";
import { describe } from "./status";

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return value;
}

/** For `eval`: quoted where a shell would split it. */
const exportLine = (kubeconfig: string): string =>
  `export KUBECONFIG=${/^[\w@%+=:,./-]+$/.test(kubeconfig) ? kubeconfig : `'${kubeconfig.replaceAll("'", `'\\''`)}'`}`;

const program = new Command("npm run cluster --").description("Runs a local Kubernetes cluster with simulated nodes.");
const nameOption = ["--name <name>", "name of the cluster; clusters with different names run side by side"] as const;

program
  .command("up")
  .description("start it; prints the KUBECONFIG line once a Deployment becomes available")
  .option(...nameOption, "default")
  .option("--nodes <count>", "simulated nodes, spread over three zones", count, 3)
  .option("--kubeconfig <file>", "use this cluster instead and start nothing")
  .option("--context <context>", "use this context's cluster instead and start nothing")
  .action(async ({ name, nodes, ...named }: { name: string; nodes: number } & NamedOptions) => {
    if (named.kubeconfig !== undefined || named.context !== undefined) {
      console.log(exportLine(await useNamed(name, named)));
      return;
    }
    const begin = Date.now();
    const kubeconfig = await up(name, nodes, (step) => {
      console.error(step);
    });
    console.error(`cluster ${name} is up after ${((Date.now() - begin) / 1000).toFixed(1)} s (its pods are simulated)`);
    console.log(exportLine(kubeconfig));
  });

program
  .command("down")
  .description("end it and remove its data")
  .option(...nameOption, "default")
  .action(async ({ name }: { name: string }) => {
    console.log((await down(name)) ? `cluster ${name} has ended` : `there is no cluster ${name}`);
  });

program
  .command("status")
  .description("show what is running: processes, ids, ports, versions")
  .option("--name <name>", "only this cluster; exits with 1 when it is not running")
  .action(async ({ name }: { name?: string }) => {
    const shown = [...knownClusters()].filter(([, record]) => name === undefined || record.name === name);
    for (const [directory, record] of shown) console.log(await describe(directory, record));
    if (shown.length === 0) console.log(name === undefined ? "no cluster is running" : `there is no cluster ${name}`);
    if (name !== undefined && shown.length === 0) process.exitCode = 1;
  });

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof ClusterError || error instanceof ToolchainError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
