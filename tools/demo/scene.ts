import type { Config } from "../../upgrade/config";
import type { NamedOptions } from "../cluster/named";
import { LocalStack } from "../stack/local-stack";
import { buildMissing } from "../toolchain/build-all";
import { ensureTools, pulumiEnv, type Tools } from "../toolchain/ensure";
import { programToolNames } from "../toolchain/tools";
import { isNamed, openPlace, type Place } from "./place";
import { RecordedBackends } from "./backends";
import { KeptBackends } from "./kept-backends";
import { type Api, connect } from "./reading/api";
import { expectNamespacesFree } from "./namespaces";
import { step } from "./steps";
import { WorkFolder } from "./work-folder";

export interface DemoOptions extends NamedOptions {
  /** Flag of the stage after which the demo stops. Defaults to the last one. */
  readonly stage?: string;
  /** Whether cluster and stack are kept. */
  readonly keep: boolean;
}

const clientTools = ["kubectl", "pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes"] as const;
export type ClientTools = Tools<(typeof clientTools)[number]>;

/** Finds or builds the tools, including those of a cluster only when one is started. */
export async function prepareTools(options: DemoOptions): Promise<ClientTools> {
  const names = isNamed(options) ? clientTools : programToolNames;
  await buildMissing(names);
  return step("Tools (`npm run tools -- --list` shows where each comes from)", () => ensureTools(clientTools));
}

/** Where the demo runs. */
export interface DemoScene {
  readonly place: Place;
  readonly folder: WorkFolder;
  readonly api: Api;
  readonly stack: LocalStack;
  /** What answers the gates; undefined when gates are off. */
  readonly backends: RecordedBackends | KeptBackends | undefined;
  /** Aborted when the demo should end early. */
  readonly signal: AbortSignal;
}

/** Opens a cluster and a stack on it; if one of them fails, nothing of the other is left. */
export async function openScene(
  options: DemoOptions,
  config: Config,
  tools: ClientTools,
  signal: AbortSignal,
): Promise<DemoScene> {
  const folder = new WorkFolder();
  let place: Place | undefined;
  let backends: DemoScene["backends"];
  try {
    if (!isNamed(options)) {
      backends = await (options.keep ? KeptBackends.start(folder) : RecordedBackends.start(config, folder.path));
    }
    const kwokConfigs = backends === undefined ? [] : [backends.kwokConfig];
    place = await step(
      isNamed(options) ? "Your cluster" : "Local cluster (`npm run cluster -- status` shows it)",
      (show) => openPlace({ ...options, directory: folder.cluster }, kwokConfigs, show),
    );
    const api = await connect(place.kubeconfig);
    if (place.kind === "named") await expectNamespacesFree(api, config);
    const { kubeconfig } = place;
    const stack = await step("$ pulumi stack init staging", () =>
      LocalStack.create({ kubeconfig, env: pulumiEnv(tools), directory: folder.stack, signal }),
    );
    if (backends === undefined) await stack.set("gates", "off");
    // Nothing that is simulated needs a minute to show that it is alive.
    else await stack.set("gates.arrived.soak", "3s");
    await backends?.report(kubeconfig);
    return { place, folder, api, stack, backends, signal };
  } catch (error) {
    await backends?.stop();
    await place?.end();
    folder.remove();
    throw error;
  }
}
