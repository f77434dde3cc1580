/** The process of `KeptBackends`. It ends with the cluster that is kept, or with the demo if there is none yet. */
import { setTimeout as sleep } from "node:timers/promises";

import { isRunning } from "../cluster/record";
import { knownClusters } from "../cluster/detached";
import { RecordedBackends } from "./backends";
import type { KeptBackendsAnswer, KeptBackendsRequest } from "./kept-backends";
import { keptName } from "./place";
import { readStackFile } from "./stack-file";

const pollMilliseconds = 1_000;
let backends: RecordedBackends | undefined;
let goesOn = false;

const say = (answer: KeptBackendsAnswer): void => {
  process.send?.(answer);
};

const isKept = (): boolean => [...knownClusters().values()].some((it) => it.name === keptName && isRunning(it));

async function answer(request: KeptBackendsRequest): Promise<void> {
  if ("folder" in request) {
    backends = await RecordedBackends.start(readStackFile(), request.folder);
    say({ kwokConfig: backends?.kwokConfig });
    return;
  }
  await backends?.report(request.kubeconfig);
  goesOn = true;
  say({ reporting: true });
  while (isKept()) await sleep(pollMilliseconds);
  process.exit();
}

process.on("message", (request: KeptBackendsRequest) => {
  answer(request).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on("disconnect", () => {
  if (!goesOn) process.exit();
});
