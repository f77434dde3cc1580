/** `npm run waves`: proposes waves from the calls that the old OAP has seen. */
import { Command, InvalidArgumentError } from "commander";

import { Clusters } from "../../components/cluster/clusters";
import { observe } from "../../components/cluster/observe";
import { OapClient } from "../../components/query/oap-client";
import { plural } from "../../upgrade/plural";
import { clustersOf } from "../../upgrade/config";
import { readConfig } from "../../upgrade/read-config";
import { firstStage, hasWaves, waveNamed } from "../../upgrade/stage";
import { StackDocument } from "../stack/stack-document";
import { readOutputs, readUserStack, type StackOptions, type UserStack } from "../stack/user-stack";
import { namesAt } from "../workloads/reported-name";
import { callGraph, type CallGraph } from "./call-graph";
import { proposeWaves } from "./propose";
import { remarks, wavesTable } from "./report";
import { readTopology } from "./topology";
import { wavesNodes, wavesYaml } from "./waves-yaml";

interface WavesOptions extends StackOptions {
  readonly waves: number;
  readonly hours: number;
  readonly apply: boolean;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return value;
}

/** The calls between the services of the stack, as the OAP of `from` has seen them. */
async function readCalls(stack: UserStack, hours: number): Promise<{ graph: CallGraph; from: string }> {
  // The proposal replaces these, so a wave that names a removed service is no reason to stop.
  const config = readConfig({ ...stack.raw, stage: firstStage, waves: [], calls: [] });
  if (!hasWaves(config.strategy)) {
    throw new Error(`Strategy ${config.strategy} has no waves: all agents move at once -> there is nothing to do`);
  }
  const { name, generation } = config.from;
  const clusters = await Clusters.connect(clustersOf(config), stack.cluster);
  const client = await OapClient.open(clusters.reader(generation.cluster).kube, name, generation);
  if (client === undefined) {
    throw new Error(
      `The OAP of ${name} cannot be asked: it is not managed here -> set generations.${name}.restUrl to http://host:12800`,
    );
  }
  try {
    const [topology, { workloads }] = await Promise.all([readTopology(client, hours), observe(clusters, config)]);
    return { graph: callGraph(topology, namesAt(config, workloads, config.from)), from: name };
  } finally {
    await client.close();
  }
}

/** New waves while some have moved would move services that nobody means to move. */
async function expectNoWaveMoved(options: StackOptions): Promise<void> {
  const { stage } = await readOutputs(options);
  if (typeof stage !== "string" || waveNamed(stage) === undefined) return;
  throw new Error(
    `The stack is at ${stage}: other waves would move services back or forth at the next update -> go to provision or shift first, or paste by hand what you need`,
  );
}

const program = new Command("npm run waves --")
  .description(
    "Reads from the OAP of `from` which services call each other, and proposes waves that cut as few calls as possible. Changes nothing in the cluster.",
  )
  .option("--waves <count>", "how many waves", count, 4)
  .option("--hours <count>", "how many hours to look back; OAPs before 8.0 keep 36", count, 24)
  .option("--apply", "write `waves` and `calls` into the stack file instead of printing them", false)
  .option("-s, --stack <name>", "the stack; defaults to the selected one")
  .option("-C, --cwd <folder>", "the project's folder; defaults to the working folder")
  .action(async ({ waves: wanted, hours, apply, ...options }: WavesOptions) => {
    const stack = await readUserStack(options);
    if (apply) await expectNoWaveMoved(options);
    const { graph, from } = await readCalls(stack, hours);
    if (graph.services.length === 0) throw new Error("The config has no services -> `npm run adopt` proposes them");
    const waves = proposeWaves(graph.services, graph.calls, wanted);
    console.error(
      `${from}, the last ${hours} hours: ${plural(graph.services.length, "service")}, ${plural(graph.calls.length, "call")} between them\n`,
    );
    console.error(wavesTable(waves, graph.calls));
    console.error(["", ...remarks(graph, from)].join("\n"));
    if (!apply) {
      process.stdout.write(wavesYaml(stack.prefix, waves, graph.calls));
      return;
    }
    const document = StackDocument.open(stack.file);
    for (const [key, node] of wavesNodes(waves, graph.calls)) document.set(`${stack.prefix}${key}`, node);
    document.save();
    console.error(`Written to ${stack.file}; \`pulumi preview\` shows the effect.`);
  });

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
