import { decide, planFor, type Observed } from "../../upgrade/decide";
import { ConfigError, describeProblem } from "../../upgrade/problem";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, exampleWorkloads, fixtureConfig, type RawConfig } from "../example";
import { capacityQuestions } from "../../upgrade/storage/capacity";
import { textsOf } from "./texts-of";

const observed: Observed = { present: new Map(), workloads: exampleWorkloads(), configMaps: new Map() };
const example = (changes: RawConfig) => readConfig(changed(exampleConfig(), changes));

test("everything that an update does comes of one decision", () => {
  const { plan, patches, gates, warnings } = decide(example({ stage: "canary-1" }), observed);
  expect(plan.stage).toBe("canary-1");
  expect(patches.waves.flat().flatMap(({ planned, patch }) => (patch.isApplied ? [] : [planned.key]))).toEqual([
    "catalog",
  ]);
  expect(gates.map(({ name }) => name)).toContain("v9-healthy");
  expect(warnings).toEqual(expect.arrayContaining([...plan.warnings]));
});

test("warnings of agents that are not seen at the entrance are among the others", () => {
  const { plan, warnings } = decide(readConfig(fixtureConfig("hot-reboot")), { ...observed, workloads: new Map() });
  expect(textsOf(warnings.filter((warning) => !plan.warnings.includes(warning)))).toEqual([
    expect.stringContaining("their address cannot be seen"),
  ]);
});

test("a way back that would mix services up is refused", () => {
  const versions = { "generations.v8.version": "6.6.0", "generations.v9.version": "7.0.0" };
  const config = readConfig(
    changed(fixtureConfig("hot-reboot"), { ...versions, "serviceDefaults.agent.release": "6.6.0" }),
  );
  const back = { ...observed, ledTo: ["v8", "v9"] };
  expect(() => decide(config, back)).toThrow(/stage: "baseline" leads the entrance from v9 back to v8/);
});

test("what cannot be carried out is refused, and has a plan all the same", () => {
  const config = example({ stage: "provision" });
  const empty = { ...observed, workloads: new Map() };
  expect(() => decide(config, empty)).toThrow(ConfigError);
  expect(planFor(config, empty).stage).toBe("provision");
});

test("what was found of the room in a storage is refused or warned of with everything else", () => {
  const config = example({
    stage: "provision",
    "generations.v9.storage": { kind: "elasticsearch-external", version: "7.17.29", urls: ["http://es:9200"] },
  });
  const [question] = capacityQuestions(config, planFor(config, observed).generations, observed.present);
  if (question === undefined) throw new Error("nothing is asked");
  const full = { openShards: 1000, dataNodes: 1, maxShardsPerNode: 1000, sharedShards: 0, disks: [] };
  const answer = { ...full, lowWatermark: undefined };
  expect(() => decide(config, { ...observed, capacity: [{ question, answer }] })).toThrow(/1000 of 1000 shards/);
  const { warnings } = decide(config, { ...observed, capacity: [{ question, answer: { unknown: "no answer" } }] });
  expect(warnings.map(({ id }) => id)).toContain("storage-cannot-ask");
});

test("the labels of waves with a selector are those of the workloads", () => {
  const workloads = new Map([...exampleWorkloads()].map(([key, it]) => [key, { ...it, labels: { app: it.name } }]));
  const { members } = planFor(example({ waves: [{ selector: "app=cart" }] }), { ...observed, workloads });
  expect(members).toEqual([["cart"]]);
});

test("a storage that would be replaced is refused, together with everything else that is", () => {
  const live = {
    replicas: 1,
    serviceName: "another",
    version: undefined,
    dropsVolumes: false,
    initialMasters: undefined,
  };
  const storage = new Map([["v6", { statefulSets: new Map([["elasticsearch-v6", live]]), claims: new Map() }]]);
  const refused = (workloads: Observed["workloads"]): string[] => {
    try {
      decide(example({ stage: "provision" }), { ...observed, workloads, storage });
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map(describeProblem);
      throw error;
    }
  };
  const replaced = expect.stringContaining("would replace the StatefulSet elasticsearch-v6") as string;
  const missing = expect.stringContaining("is not in the cluster") as string;
  expect(refused(exampleWorkloads())).toEqual([replaced]);
  // Neither hides the other.
  expect(refused(new Map())).toEqual([replaced, ...Array<string>(exampleWorkloads().size).fill(missing)]);
});
