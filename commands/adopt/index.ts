/** `npm run adopt -- --namespace shop`: writes the `services:` part of a stack file from running workloads. */
import { Command } from "commander";

import { ClusterReader } from "../../components/cluster/reader";
import { theCluster } from "../../upgrade/workload/ref";
import { StackDocument } from "../stack/stack-document";
import { readUserStack, type StackOptions } from "../stack/user-stack";
import { listWorkloads } from "../workloads/list";
import { adopt } from "./adopt";
import { addServices, servicesYaml } from "./services-yaml";
import { summary } from "./summary";

interface AdoptOptions extends StackOptions {
  readonly namespace: readonly string[];
  readonly release?: readonly string[];
  readonly language?: string;
  readonly apply: boolean;
}

const program = new Command("npm run adopt --")
  .description(
    "Reads running workloads, recognises their SkyWalking agents and prints the `services:` part of a stack file. Changes nothing in the cluster.",
  )
  .requiredOption("-n, --namespace <names...>", "Kubernetes namespaces of the workloads")
  .option("--release <releases...>", "agent releases to assume where none can be detected, one per language")
  .option("--language <language>", "agent language to assume where none can be detected")
  .option("--apply", "write the services into the stack file instead of printing them", false)
  .option("-s, --stack <name>", "the stack; defaults to the selected one")
  .option("-C, --cwd <folder>", "the project's folder; defaults to the working folder")
  .action(async ({ namespace, release, language, apply, ...options }: AdoptOptions) => {
    const stack = await readUserStack(options);
    const reader = await ClusterReader.connect(theCluster, stack.cluster);
    const listed = (await Promise.all(namespace.map((name) => listWorkloads(reader, name)))).flat();
    const adoption = adopt(stack.raw, listed, {
      releases: (release ?? []).map((value) => ({ value, by: "--release" })),
      language: language === undefined ? undefined : { value: language, by: "--language" },
    });
    const key = `${stack.prefix}services`;
    if (apply && adoption.proposals.length > 0) {
      const document = StackDocument.open(stack.file);
      addServices(document.map(key), adoption.proposals);
      document.save();
    } else if (adoption.proposals.length > 0) {
      process.stdout.write(servicesYaml(key, adoption.proposals));
    }
    console.error(summary(adoption, apply ? stack.file : undefined));
  });

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
