import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import {
  checkAgentsAtEntrance,
  checkTurn,
  ledToAnnotation,
  ledToOf,
  recordOf,
  visibleBackendService,
} from "../../upgrade/entrance";
import { plan } from "../../upgrade/plan";
import { ConfigError, describeProblem, type Problem } from "../../upgrade/problem";
import { workloadKey } from "../../upgrade/workload/ref";
import { readConfig } from "../../upgrade/read-config";
import type { Workload } from "../../upgrade/workload/workload";
import { changed, fixtureConfig, type RawConfig } from "../example";
import { textsOf } from "./texts-of";

const javaagent = "-javaagent:/a/skywalking-agent.jar";
const env = (variables: Record<string, string>) => Object.entries(variables).map(([name, value]) => ({ name, value }));

test.each<[Omit<V1Container, "name">, string | undefined]>([
  [{}, undefined],
  [{ env: env({ SW_AGENT_COLLECTOR_BACKEND_SERVICES: "env:1" }) }, "env:1"],
  [
    {
      env: env({
        SW_AGENT_COLLECTOR_BACKEND_SERVICES: "env:1",
        JAVA_TOOL_OPTIONS: "-Dskywalking.collector.backend_service=tool:1",
      }),
    },
    "tool:1",
  ],
  [
    {
      env: env({
        JDK_JAVA_OPTIONS: "-Dskywalking.collector.backend_service=jdk:1",
        JAVA_TOOL_OPTIONS: "-Dskywalking.collector.backend_service=tool:1",
      }),
    },
    "jdk:1",
  ],
  [
    {
      args: ["-Dskywalking.collector.backend_service=args:1"],
      env: env({ JDK_JAVA_OPTIONS: "-Dskywalking.collector.backend_service=jdk:1" }),
    },
    "args:1",
  ],
  [
    {
      command: ["java", `${javaagent}=collector.backend_service='a:1,b:1'`],
      args: ["-Dskywalking.collector.backend_service=args:1"],
    },
    "a:1,b:1",
  ],
])("a container with %j reports to %s", (container, expected) => {
  const java = { agent: { language: "java", release: "8.9.0" } } as const;
  expect(visibleBackendService(java, { name: "app", ...container }, {})).toBe(expected);
});

test("annotations for the injector of SWCK win over everything else", () => {
  const java = { agent: { language: "java", release: "8.9.0" } } as const;
  const container = { name: "app", env: env({ SW_AGENT_COLLECTOR_BACKEND_SERVICES: "env:1" }) };
  const annotations = { "agent.skywalking.apache.org/collector.backend_service": "swck:1" };
  expect(visibleBackendService(java, container, annotations)).toBe("swck:1");
});

test("each language has its own variable", () => {
  const go = { agent: { language: "go", release: "0.6.0" } } as const;
  const rust = { agent: { language: "rust", release: "0.10.0" } } as const;
  const container = { name: "app", env: env({ SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE: "go:1" }) };
  expect(visibleBackendService(go, container, {})).toBe("go:1");
  expect(visibleBackendService(rust, container, {})).toBeUndefined();
});

const workload = (name: string, address: string | undefined, containers: readonly string[] = ["app"]): Workload => ({
  cluster: "default",
  kind: "Deployment",
  namespace: "shop",
  name,
  generation: 1,
  annotations: {},
  labels: {},
  podAnnotations: {},
  podLabels: {},
  managedFields: [],
  going: undefined,
  maker: undefined,
  pendingRollout: undefined,
  heldRollout: undefined,
  pods: { desired: 2, ready: 2 },
  podSpec: {
    containers: containers.map((container) => ({
      name: container,
      ...(address === undefined ? {} : { env: env({ SW_AGENT_COLLECTOR_BACKEND_SERVICES: address }) }),
    })),
  },
});

function check(changes: RawConfig, ...workloads: Workload[]): string[] {
  const byKey = new Map(workloads.map((each) => [workloadKey(each), each]));
  const problems: Problem[] = [];
  const config = readConfig(changed(fixtureConfig("hot-reboot"), changes));
  const warnings = checkAgentsAtEntrance(config, byKey, (problem) => problems.push(problem));
  if (problems.length > 0) throw new ConfigError(problems);
  return textsOf(warnings);
}

test.each(["oap.skywalking:11800", "oap.skywalking.svc:11800", "oap.skywalking.svc.cluster.local:11800"])(
  "%s is the entrance",
  (address) => {
    expect(check({ stage: "provision" }, workload("web", address), workload("api", address))).toEqual([]);
  },
);

test("its bare name is the entrance from its own namespace only", () => {
  const inside = {
    stage: "provision",
    "entrance.namespace": "shop",
    "generations.v8.namespace": "shop",
    "generations.v9.namespace": "shop",
  };
  expect(check(inside, workload("web", "oap:11800"), workload("api", "oap:11800"))).toEqual([]);
  expect(() => check({ stage: "provision" }, workload("web", "oap:11800"), workload("api", "oap:11800"))).toThrow(
    ConfigError,
  );
});

test("services that report elsewhere are an error, all of them", () => {
  let problems: string[] = [];
  try {
    check({ stage: "shift" }, workload("web", "old:11800"), workload("api", "old:11800"));
  } catch (error) {
    problems = error instanceof ConfigError ? error.problems.map(describeProblem) : [];
  }
  expect(problems).toEqual(
    ["web", "api"].map(
      (key) =>
        `services.${key}: reports to old:11800, not through the entrance (oap.skywalking.svc:11800), so turning the entrance would not move it -> have its owner point it at the entrance first, or use strategy canary`,
    ),
  );
});

test("at baseline they are a warning", () => {
  expect(check({}, workload("web", "old:11800"), workload("api", "oap.skywalking:11800"))).toEqual([
    "web reports to old:11800, not through the entrance (oap.skywalking.svc:11800), so turning the entrance would not move it: have its owner point it at the entrance first, or use strategy canary",
  ]);
});

test("services of which nothing can be seen are a warning", () => {
  expect(check({ stage: "shift" }, workload("web", undefined))).toEqual([
    "web, api: their address cannot be seen; make sure that it is oap.skywalking.svc:11800",
  ]);
});

test("the container is the one that the service names", () => {
  const two = workload("web", "oap.skywalking:11800", ["app", "proxy"]);
  const api = workload("api", "oap.skywalking:11800");
  expect(check({ stage: "shift" }, two, api)).toEqual([
    "web: their address cannot be seen; make sure that it is oap.skywalking.svc:11800",
  ]);
  expect(check({ stage: "shift", "services.web": { container: "proxy" } }, two, api)).toEqual([]);
});

test("other strategies have no entrance", () => {
  const report = jest.fn();
  expect(checkAgentsAtEntrance(readConfig(fixtureConfig("in-place")), new Map(), report)).toEqual([]);
  expect(report).not.toHaveBeenCalled();
});

test("an entrance has a record of where it has led", () => {
  expect(ledToOf({ [ledToAnnotation]: "v9,v8" })).toEqual(["v9", "v8"]);
  expect(ledToOf({})).toEqual([]);
  expect(ledToOf(undefined)).toEqual([]);
});

test.each<[string[] | undefined, string, string]>([
  [undefined, "baseline", "v8"],
  [["v8"], "provision", "v8"],
  [["v8"], "shift", "v8,v9"],
  [["v8", "v9"], "drain", "v8,v9"],
  [["v8", "v9"], "baseline", "v9,v8"],
  [["v7", "v8"], "shift", "v7,v8,v9"],
])("after %j, %s is recorded", (before, stage, recorded) => {
  const config = readConfig(changed(fixtureConfig("hot-reboot"), { stage }));
  const facts = { present: new Map(), labelsOf: new Map(), ...(before === undefined ? {} : { ledTo: before }) };
  const { entrance } = plan(config, facts);
  expect(entrance && recordOf(entrance)).toBe(recorded);
});

describe("turning the entrance under agents that keep their ids", () => {
  const withIds: RawConfig = {
    "generations.v8.version": "6.6.0",
    "generations.v9.version": "7.0.0",
    "serviceDefaults.agent.release": "6.6.0",
  };
  const pods = (name: string, desired: number, ready = desired): Workload => ({
    ...workload(name, "oap.skywalking:11800"),
    pods: { desired, ready },
  });
  const running = [pods("web", 2), pods("api", 2)];

  /** What is wrong with entering a stage where the entrance has led to some generations before. */
  function problemsOf(
    stage: string,
    ledTo: string[],
    live: Workload[],
    { changes = withIds, replicasOfTo = 0 }: { changes?: RawConfig; replicasOfTo?: number } = {},
  ): string[] {
    const problems: string[] = [];
    const config = readConfig(changed(fixtureConfig("hot-reboot"), { ...changes, stage }));
    const planned = plan(config, { present: new Map([["v9", replicasOfTo]]), labelsOf: new Map(), ledTo });
    const workloads = new Map(live.map((each) => [workloadKey(each), each]));
    checkTurn(config, planned, workloads, (problem) => problems.push(describeProblem(problem)));
    return problems;
  }

  test.each([
    ["back, as the old OAP knows ids of before", "baseline", ["v8", "v9"], "v9 back to v8"],
    ["back, the record begins at shift", "provision", ["v9"], "v9 back to v8"],
    ["forward a second time", "shift", ["v9", "v8"], "v8 back to v9"],
    ["forward to a generation of an earlier upgrade", "drain", ["v9", "v7", "v8"], "v8 back to v9"],
  ])("is refused: %s", (_, stage, before, turn) => {
    const [from = "", , , to = ""] = turn.split(" ");
    expect(problemsOf(stage, before, running)).toEqual([
      `stage: "${stage}" leads the entrance from ${from} back to ${to}, which knows the ids that agents of 6.x and 7.0 have from ${from} as those of others, and would show the traces of web, api as theirs -> scale web, api to 0 until the update is done, or upgrade from ${from} to a new generation, whose storage is empty`,
    ]);
  });

  test.each<[string, string, string[]]>([
    ["the first time", "shift", ["v8"]],
    ["the first time, after an earlier upgrade", "shift", ["v7", "v8"]],
    ["not at all, at another stage", "provision", ["v8"]],
    ["not at all, after shift", "drain", ["v8", "v9"]],
    ["not at all, back already", "baseline", ["v9", "v8"]],
    ["for the first time ever", "shift", []],
  ])("is allowed: %s", (_, stage, before) => {
    expect(problemsOf(stage, before, running)).toEqual([]);
  });

  test("without a record, an OAP of `to` that runs has been led to", () => {
    const back = (replicasOfTo: number) => problemsOf("baseline", [], running, { replicasOfTo });
    expect(back(0)).toEqual([]);
    expect(back(2)).toEqual([expect.stringContaining("from v9 back to v8")]);
  });

  test("is allowed once none of them runs, and names those that do", () => {
    const back = (...live: Workload[]) => problemsOf("baseline", ["v8", "v9"], live);
    expect(back(pods("web", 0), pods("api", 0))).toEqual([]);
    expect(back(pods("web", 0), pods("api", 1))).toEqual([expect.stringContaining("scale api to 0")]);
    // Its last pods still report.
    expect(back(pods("web", 0, 1), pods("api", 0))).toEqual([expect.stringContaining("scale web to 0")]);
    // One that is not found may run under another name.
    expect(back(pods("web", 0))).toEqual([expect.stringContaining("scale api to 0")]);
  });

  test("is allowed for agents that report by their names, and for an installation without an entrance", () => {
    expect(problemsOf("baseline", ["v8", "v9"], running, { changes: {} })).toEqual([]);
    const config = readConfig(fixtureConfig("in-place"));
    const report = jest.fn();
    checkTurn(config, { entrance: undefined }, new Map(), report);
    expect(report).not.toHaveBeenCalled();
  });
});
