/** `npm run real -- up|down|status`: a Kubernetes cluster with real pods on this machine, in namespaces of its own. */
import { Command } from "commander";
import { execute } from "./execute";

import { step } from "../demo/steps";
import { ensureTools } from "../toolchain/ensure";
import { down, leftovers } from "./down";
import { Namespace } from "./namespace";
import { missingPackages, missingRequirements } from "./requirements";
import { kubeconfig } from "./settings";
import { isUp, up } from "./up";

const program = new Command("npm run real --")
  .enablePositionalOptions()
  .description(
    "Runs a Kubernetes cluster of one node with real pods. Images have the official names and are built here from released jars.",
  );

program
  .command("up")
  .description("start it; prints the KUBECONFIG line once its node is ready")
  .action(async () => {
    const missing = missingRequirements();
    if (missing.length > 0) {
      for (const problem of missing) console.error(problem);
      process.exitCode = 1;
      return;
    }
    const begin = Date.now();
    await up(step);
    console.error(`the cluster is up after ${((Date.now() - begin) / 1000).toFixed(0)} s`);
    console.log(`export KUBECONFIG=${kubeconfig()}`);
  });

program
  .command("down")
  .description("end it and remove its data; built images are kept")
  .action(async () => {
    console.log((await down()) ? "the cluster has ended" : "there is no cluster");
  });

program
  .command("status")
  .description("show whether it is up, and what is left of one that is not; exits with 1 unless it is up")
  .action(async () => {
    const left = await leftovers();
    const isReady = left.length > 0 && (await isUp(await ensureTools(["pause", "kubectl"])));
    const state =
      left.length === 0 ? "there is no cluster" : isReady ? "the cluster is up" : "the cluster is not ready";
    console.log([state, ...left.map((what) => `  ${what}`)].join("\n"));
    if (isReady) console.log(`export KUBECONFIG=${kubeconfig()}`);
    else process.exitCode = 1;
  });

program
  .command("packages")
  .description("print the missing Debian packages on one line, for apt-get install")
  .action(() => {
    console.log(missingPackages().join(" "));
  });

program
  .command("exec")
  .description("run a command of this machine in the cluster's network, where pods and Services answer")
  .argument("<command>")
  .argument("[arguments...]")
  .passThroughOptions()
  .action(async (command: string, args: string[]) => {
    const { pause } = await ensureTools(["pause"]);
    const namespace = Namespace.find(pause);
    if (namespace === undefined) throw new Error("there is no cluster -> npm run real -- up");
    const net = ["--target", String(namespace.init.pid), "--net", "--", command, ...args];
    const { exitCode } = await execute("nsenter", net, { inherit: true, reject: false });
    process.exitCode = exitCode;
  });

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
