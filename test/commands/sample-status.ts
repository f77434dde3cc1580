import type { LiveService } from "../../components/query/oap-client";
import { judge, type GenerationReading } from "../../commands/status/judge";
import type { Status } from "../../commands/status/status";
import type { ListedWorkload } from "../../commands/workloads/list";
import { decide } from "../../upgrade/decide";
import { plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, exampleWorkloads } from "../example";

const live = (services: Readonly<Record<string, number>>): LiveService[] =>
  Object.entries(services).map(([name, count]) => ({
    id: name,
    name,
    instances: Array.from({ length: count }, (_, index) => `${name}-${String(index)}`),
  }));

export type Answered = Extract<GenerationReading["answer"], { kind: "answered" }>;

/** The answer of an OAP to which these instances report. */
export const answered = (version: string, services: Readonly<Record<string, number>>): Answered => ({
  kind: "answered",
  version,
  health: undefined,
  clusterNodes: undefined,
  live: live(services),
});

/** How things are with the sample services. */
export interface Situation {
  readonly stage?: string;
  readonly applied?: string;
  /** Services whose pods have been moved to v9. Defaults to those that the stage moves. */
  readonly moved?: readonly string[];
  readonly v6?: Partial<GenerationReading>;
  readonly v9?: Partial<GenerationReading>;
  /** Puts something in the place of a workload. */
  readonly change?: (listed: ListedWorkload) => ListedWorkload | undefined;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly configMaps?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

// Not structuredClone: its objects are not those of Jest's realm, and so not deeply equal to others.
const copyOf = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const ownPods = ["10.0.0.1", "10.0.0.2"].map((address, index) => ({
  name: `oap-${String(index)}`,
  address,
  created: new Date(0),
  readySince: new Date(60_000),
}));
const keyOfWorkload = (name: string): string => (name === "edge-gateway" ? "gateway" : name);
const podsOfEach = 2;
export const everyone = { catalog: 2, frontend: 2, cart: 2, payment: 2, inventory: 2, gateway: 2 };
/** Names as the OAP of a generation lists them. */
export const on = (generation: string, services: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(services).map(([name, count]) => [generation === "v9" ? `${name}|v9|` : name, count]),
  );
const pick = (names: readonly string[]): Record<string, number> => Object.fromEntries(names.map((name) => [name, 2]));

/** The status of the sample services in a situation; where nothing is said, all is as the config's stage has it. */
export function statusOf({
  stage = "canary-1",
  applied = stage,
  moved,
  v6,
  v9,
  change = (it) => it,
  config = {},
  configMaps = {},
}: Situation): Status {
  const read = readConfig(changed(exampleConfig(), { stage, ...config }));
  const facts = { present: new Map<string, number>(), labelsOf: new Map<string, Record<string, string>>() };
  const planned = plan(read, facts);
  const expected = Object.keys(planned.reportsTo).filter((key) => planned.reportsTo[key] === "v9");
  const movedOnes = moved ?? expected;
  // Where the agents are told to go is decided by the program's own patch, at the stage where all have moved.
  const all = readConfig(changed(exampleConfig(), { stage: "shift", ...config }));
  const waves =
    movedOnes.length === 0
      ? []
      : decide(all, { ...facts, workloads: exampleWorkloads(), configMaps: new Map() }).patches.waves;
  const patches = new Map(waves.flat().map(({ planned, patch }) => [planned.key, patch]));
  const workloads = [...exampleWorkloads().values()].flatMap((workload) => {
    const key = keyOfWorkload(workload.name);
    const patch = movedOnes.includes(key) ? patches.get(key) : undefined;
    const spec = copyOf(workload.podSpec);
    for (const container of spec.containers) {
      if (patch?.container !== container.name) continue;
      const ours = patch.values.flatMap((it) => ("value" in it ? [{ name: it.slot.name, value: it.value }] : []));
      const names = ours.map(({ name }) => name);
      container.env = [...(container.env ?? []).filter(({ name }) => !names.includes(name)), ...ours];
    }
    const template = { annotations: {}, labels: {}, spec };
    const pods = Array.from({ length: podsOfEach }, (_, index) => ({
      ...template,
      name: `${workload.name}-${String(index)}`,
      ready: true,
    }));
    const listed = change({ workload: { ...workload, podSpec: spec }, desired: podsOfEach, pods });
    return listed === undefined ? [] : [listed];
  });
  const stays = Object.keys(everyone).filter((key) => !movedOnes.includes(key));
  return judge(read, planned, {
    stack: "staging",
    context: "local",
    readAt: new Date("2026-01-02T03:04:05Z"),
    appliedStage: applied,
    windowMinutes: 5,
    generations: new Map([
      [
        "v6",
        {
          nodes: { ready: 2, desired: 2 },
          storage: "elasticsearch 7.10.2",
          ownPods,
          answer: answered("6.0", pick(stays)),
          ...v6,
        },
      ],
      [
        "v9",
        {
          nodes: { ready: 2, desired: 2 },
          storage: "elasticsearch 7.10.2",
          ownPods,
          answer: answered("9.7.0-1a2b3c4", on("v9", pick(movedOnes))),
          ...v9,
        },
      ],
    ]),
    workloads,
    configMaps: new Map(Object.entries(configMaps)),
  });
}
