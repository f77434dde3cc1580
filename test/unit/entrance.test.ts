import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { checkAgentsAtEntrance, visibleBackendService } from "../../upgrade/entrance";
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
  pendingRollout: undefined,
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
