import type { Config } from "../../upgrade/config";
import { explain, StepFailed } from "./failure";
import { howToLook } from "./look";
import { isNamed } from "./place";
import { nameOf, route } from "./route";
import { deployServices } from "./sample-services";
import { type DemoOptions, openScene, prepareTools, type DemoScene } from "./scene";
import { readStackFile } from "./stack-file";
import { step } from "./steps";
import { Times } from "./times";
import { Walk } from "./walk";

const simulated =
  "The pods are SIMULATED (kwok): API server, admission, scheduling and controllers are real, but no container is running and nothing reports to anything.";

const recorded =
  "RECORDED OAPs behind the simulated pods answer the gates (a port-forward through the API server reaches them); simulated agents report to them as their pods say.";
const withoutBackends = "The gates are OFF: nothing answers for the OAPs here.";

/**
 * Walks through a whole upgrade, then ends everything that it started.
 *
 * @param signal - ends it early, with the signal's reason as the error
 * @throws StepFailed that says which step failed, why, and where the logs are
 */
export async function demo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const config = readStackFile();
  const legs = route(config, options.stage);
  const { from, to } = config;
  const note = isNamed(options) ? "The pods are as real as your cluster's are." : simulated;
  console.log(
    `From ${from.name} (${from.generation.version}) to ${to.name} (${to.generation.version}): ${legs.map(nameOf).join(", ")}.\n${note}\n`,
  );

  const times = new Times();
  try {
    const tools = await times.measure("tools", () => prepareTools(options));
    const scene = await times.measure("cluster and stack", () => openScene(options, config, tools, signal));
    console.log(`  ${scene.backends === undefined ? withoutBackends : recorded}`);
    try {
      await times.measure("sample services", () => deployServices(scene, config));
      const walk = new Walk(scene, config);
      for (const leg of legs) await times.measure(nameOf(leg), () => walk.enter(leg));
    } catch (error) {
      throw await leave(scene, config, error);
    }
    await times.measure("end", () => end(scene));
    console.log(`\n${times.table()}\n\n${note}`);
    console.log(scene.place.kind === "local" ? "Everything is stopped and removed." : `\n${howToLook(scene, config)}`);
  } catch (error) {
    // Whatever failed while an interrupted demo was ending failed because of the interrupt.
    signal.throwIfAborted();
    throw error;
  }
}

/** Ends what this demo started. */
async function end({ place, folder, backends }: DemoScene): Promise<void> {
  if (place.kind !== "local") return;
  await backends?.stop();
  console.log();
  await step("Ending the cluster and removing all files", async () => {
    await place.end();
    folder.remove();
  });
}

/** Ends what this demo started after a failure, and returns the failure with where to look. */
async function leave(scene: DemoScene, config: Config, error: unknown): Promise<unknown> {
  const { place, folder, backends, signal } = scene;
  if (place.kind === "local") await backends?.stop();
  if (signal.aborted) {
    if (place.kind === "named") {
      console.log(`\n${howToLook(scene, config)}`);
    } else {
      await place.end();
      folder.remove();
    }
    return error;
  }
  const logs =
    place.kind === "named"
      ? ""
      : `; the cluster's own: ${place.kind === "local" ? `${folder.logs}/cluster` : place.logs}`;
  const where = `Logs: ${folder.logs}/commands.log${logs}`;
  if (place.kind !== "local") return new StepFailed(`${explain(error)}\n\n${where}\n\n${howToLook(scene, config)}`);
  folder.keepLogs(place.logs);
  await place.end();
  return new StepFailed(`${explain(error)}\n\n${where}\nEverything else is stopped and removed.`);
}
