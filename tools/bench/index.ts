/** `npm run bench`: how long the real CLI takes for stacks of several sizes, on a local cluster with simulated pods. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Command, InvalidArgumentError } from "commander";
import { stringify } from "yaml";

import { startCluster } from "../cluster/cluster";
import { markdownTable, writeFigures, type Row } from "../figures";
import { writeKwokConfig } from "../recorded-oap/behind-pods";
import { RecordedOap } from "../recorded-oap/server";
import { LocalStack } from "../stack/local-stack";
import { StackOnCluster } from "../stack/stack-on-cluster";
import { ensureTools, pulumiEnv } from "../toolchain/ensure";
import { benchConfig, benchManifests, serviceNames } from "./stack";

const head = [
  "services",
  "preview, nothing to do",
  "preview of `shift`",
  "`shift`",
  "`up` again",
  "preview of the way back",
];

function sizes(text: string): number[] {
  const all = text.split(",").map(Number);
  if (all.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new InvalidArgumentError("It must be a list of whole numbers, such as 0,100,1000.");
  }
  return all;
}

/** Runs `act` and prints the seconds it took. */
async function timed(what: string, act: () => Promise<unknown>): Promise<string> {
  const begin = performance.now();
  await act();
  const text = `${((performance.now() - begin) / 1000).toFixed(1)} s`;
  console.log(`  ${what}: ${text}`);
  return text;
}

/** Takes one stack of `size` services, each with one pod, through its stages. Gates are on and pass at once. */
async function measure(size: number, extraEnv: NodeJS.ProcessEnv): Promise<Row> {
  console.log(`${size} services`);
  const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-bench-"));
  const tools = await ensureTools();
  const names = serviceNames(size);
  const v9 = await RecordedOap.start({ release: "9.7.0" });
  // Agents report once they have moved, and nothing moves before the OAP was asked whether it is well.
  let looks = 0;
  let requests = Infinity;
  const heartbeat = setInterval(() => {
    if (v9.requests > requests) looks += 1;
    if (looks > 1) for (const name of names) v9.reports(`${name}|v9|`, `${name}-1`);
  }, 1_000);
  const forwards = join(folder, "kwok.yaml");
  writeKwokConfig(forwards, [{ namespace: "skywalking-v9", port: v9.port }]);
  const cluster = await startCluster({ kwokConfigs: [forwards] });
  try {
    const stackFile = join(folder, "stack.yaml");
    writeFileSync(stackFile, stringify({ config: benchConfig(names) }));
    const env = { ...pulumiEnv(tools), ...extraEnv };
    const stack = await LocalStack.create({ kubeconfig: cluster.kubeconfig, env, stackFile });
    const scene = new StackOnCluster(stack);
    try {
      await scene.kubectl(["apply", "--server-side", "-f", "-"], benchManifests(names));
      // `kubectl wait` asks for one Deployment after the other, five per second.
      const available = ["-n", "shop", "get", "deployments", "-o", "jsonpath={.items[*].status.availableReplicas}"];
      while ((await scene.kubectl(available)).split(" ").filter(Boolean).length < size) await sleep(1_000);
      const up = (): Promise<unknown> => stack.succeed(["up", "--yes", "--skip-preview"]);
      const preview = (): Promise<unknown> => stack.succeed(["preview", "--diff=false"]);
      scene.configure({ stage: "provision" });
      await timed("provision", up);
      const idle = await timed("preview, nothing to do", preview);
      scene.configure({ stage: "shift" });
      const shiftPreview = await timed("preview of shift", preview);
      requests = v9.requests;
      const shift = await timed("shift", up);
      const again = await timed("up again", up);
      scene.configure({ stage: "provision" });
      const back = await timed("preview of the way back", preview);
      return [size, idle, shiftPreview, shift, again, back];
    } finally {
      stack.dispose();
    }
  } finally {
    clearInterval(heartbeat);
    await cluster.stop();
    await v9.stop();
    rmSync(folder, { recursive: true });
  }
}

void new Command("npm run bench --")
  .description("Times the real CLI on stacks of several sizes, and writes the table of docs/performance.md.")
  .option("--services <sizes>", "numbers of services, one stack for each", sizes, [0, 100, 1000])
  .option("--state-at-end", "set PULUMI_SKIP_CHECKPOINTS, and write a separate table", false)
  .action(async ({ services, stateAtEnd }: { services: readonly number[]; stateAtEnd: boolean }) => {
    const rows: Row[] = [];
    for (const size of services) rows.push(await measure(size, stateAtEnd ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {}));
    const table = stateAtEnd ? "times with the state at the end" : "times";
    await writeFigures("performance.md", table, markdownTable(head, rows));
  })
  .parseAsync();
