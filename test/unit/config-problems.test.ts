import { oapReleases } from "../../skywalking/oap";
import { describeProblem, ConfigError } from "../../upgrade/problem";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, type RawConfig } from "../example";

/**
 * What is changed in the example (a path of keys and its new value, undefined to remove it), and every
 * problem that is told.
 */
const illegal: [name: string, changes: Record<string, unknown>, problems: string[]][] = [
  [
    "unknown key",
    { stges: "x" },
    [
      'stges: is not a known key; allowed: stage, strategy, from, to, origin, generations, serviceDefaults, services, waves, calls, entrance, allowReplace, timeouts, rollout, gates -> did you mean "stage"?',
    ],
  ],
  [
    "unknown key, nothing near",
    { elephant: "x" },
    [
      "elephant: is not a known key; allowed: stage, strategy, from, to, origin, generations, serviceDefaults, services, waves, calls, entrance, allowReplace, timeouts, rollout, gates -> remove it",
    ],
  ],
  [
    "stage of no strategy",
    { stage: "canari-1" },
    [
      'stage: "canari-1" is not a stage of strategy canary; allowed: baseline, provision, canary-1, canary-2, canary-3, shift, drain, retire -> did you mean "canary-1"?',
    ],
  ],
  [
    "stage in capitals",
    { stage: "Shift" },
    [
      'stage: "Shift" is not a stage of strategy canary; allowed: baseline, provision, canary-1, canary-2, canary-3, shift, drain, retire -> did you mean "shift"?',
    ],
  ],
  [
    "a wave that does not exist",
    { stage: "canary-4" },
    [
      'stage: "canary-4" names wave 4, but `waves` has 3; allowed: baseline, provision, canary-1, canary-2, canary-3, shift, drain, retire -> choose one of these, or add the wave to `waves`',
    ],
  ],
  [
    "wave 0",
    { stage: "canary-0" },
    [
      'stage: "canary-0" names wave 0, but `waves` has 3; allowed: baseline, provision, canary-1, canary-2, canary-3, shift, drain, retire -> choose one of these, or add the wave to `waves`',
    ],
  ],
  ["a stage that is no text", { stage: ["shift"] }, ['stage: ["shift"] is not a string -> write a string']],
  [
    "unknown strategy",
    { strategy: "canry" },
    ['strategy: "canry" is not allowed; allowed: canary, hot-reboot, in-place -> did you mean "canary"?'],
  ],
  ["no from", { from: undefined }, ["from: is missing; a string is needed -> set it"]],
  ["no to", { to: undefined }, ["to: is missing; a string is needed -> set it"]],
  ["no origin", { origin: undefined }, ["origin: is missing; a string is needed -> set it"]],
  [
    "from not declared",
    { from: "v5" },
    ['from: "v5" is not a declared generation; allowed: v6, v9 -> did you mean "v6"?'],
  ],
  ["to not declared", { to: "v99" }, ['to: "v99" is not a declared generation; allowed: v6, v9 -> did you mean "v9"?']],
  [
    "to is from",
    { to: "v6" },
    ['to: "v6" is the generation that the upgrade leaves (`from`) -> name the generation that it enters'],
  ],
  [
    "origin not declared",
    { origin: "ve" },
    ['origin: "ve" is not a declared generation; allowed: v6, v9, none -> did you mean "v6"?'],
  ],
  ["no generations", { generations: undefined }, ["generations: is missing; a map is needed -> set it"]],
  ["generations a list", { generations: ["v6"] }, ["generations: a list is not a map -> write a map"]],
  [
    "generation's name with capitals",
    { "generations.V9": { managed: false, version: "9.7.0", address: "a:1" } },
    [
      "generations.V9: \"V9\" is not a Kubernetes name; allowed: lower-case letters, digits and '-', beginning and ending with a letter or digit -> rename it",
    ],
  ],
  [
    "generation's name too long",
    {
      "generations.a-generation-name-of-more-than-20": {
        managed: false,
        version: "9.7.0",
        address: "a:1",
        agentNamespace: "x",
      },
    },
    [
      'generations.a-generation-name-of-more-than-20: "a-generation-name-of-more-than-20" is longer than 20 characters -> shorten it',
    ],
  ],
  [
    "generation called none",
    { "generations.none": { managed: false, version: "9.7.0", address: "a:1", agentNamespace: "x" } },
    ["generations.none: is a reserved word (`origin: none`) -> rename the generation"],
  ],
  ["generation without a value", { "generations.v9": null }, ["generations.v9: null is not a map -> write a map"]],
  [
    "no version",
    { "generations.v9.version": undefined },
    ["generations.v9.version: is missing; a string is needed -> set it"],
  ],
  [
    "version that is a number",
    { "generations.v9.version": 9.7 },
    [
      `generations.v9.version: 9.7 is not a release of the OAP; allowed: 6.0.0-GA to ${String(oapReleases.at(-1))} -> did you mean "9.7.0"?`,
    ],
  ],
  [
    "agent without a language",
    { "services.catalog.agent": { release: "6.6.0" } },
    [
      "services.catalog.agent.language: is missing; allowed: java, python, nodejs, go, php, rust, ruby, satellite -> set it",
    ],
  ],
  [
    "language that is a number",
    { "services.catalog.agent": { language: 8, release: "6.6.0" } },
    [
      "services.catalog.agent.language: 8 is not allowed; allowed: java, python, nodejs, go, php, rust, ruby, satellite -> choose one of them",
    ],
  ],
  [
    "managed 6.0.0-GA",
    { "generations.v6.version": "6.0.0-GA" },
    [
      'generations.v6.version: "6.0.0-GA" can only be adopted: the image of that release takes no settings from its environment -> set `managed: false` and `address`, or choose 6.1.0 or newer',
    ],
  ],
  [
    "unknown key in a generation",
    { "generations.v9.replica": 1 },
    [
      "generations.v9.replica: is not a known key; allowed: version, behavesLike, agentNamespace, agents, token, managed, inPlace, tls, namespace, createNamespace, images, oap, init, ui, monitoring, storage -> remove it",
    ],
  ],
  [
    "managed that is no boolean",
    { "generations.v9.managed": "yes" },
    ['generations.v9.managed: "yes" is not allowed; allowed: true, false -> choose one of them'],
  ],
  [
    "agent namespace with a bar",
    { "generations.v9.agentNamespace": "v|9" },
    [
      "generations.v9.agentNamespace: \"v|9\" is not an agent namespace; allowed: letters, digits, '.', '_' and '-' -> choose e.g. the generation's name",
    ],
  ],
  [
    "agent namespace too long for agents since 8.10",
    { "generations.v9.agentNamespace": "a-name-of-21-character" },
    [
      'generations.v9.agentNamespace: "a-name-of-21-character" is longer than 20 characters, and the java agent 9.3.0 (catalog, for example) silently truncates it -> shorten it',
    ],
  ],
  [
    "namespace with an underscore",
    { "generations.v9.namespace": "sky_walking" },
    [
      "generations.v9.namespace: \"sky_walking\" is not a Kubernetes name; allowed: lower-case letters, digits and '-', beginning and ending with a letter or digit -> rename it",
    ],
  ],
  [
    "namespace of both the same",
    { "generations.v9.namespace": "tracing", "generations.v6.namespace": "tracing" },
    [
      'generations.v9.namespace: "tracing" is the Kubernetes namespace of v6 too; the program creates only a namespace that a single generation uses -> choose another, or create it yourself and set `createNamespace: false` in both',
    ],
  ],
  [
    "no OAP replicas",
    { "generations.v9.oap.replicas": 0 },
    ["generations.v9.oap.replicas: 0 is too few; allowed: 1 to 100 -> write a number in that range"],
  ],
  [
    "too many OAP replicas",
    { "generations.v9.oap.replicas": 101 },
    ["generations.v9.oap.replicas: 101 is too many; allowed: 1 to 100 -> write a number in that range"],
  ],
  [
    "half an OAP",
    { "generations.v9.oap.replicas": 1.5 },
    ["generations.v9.oap.replicas: 1.5 is not a whole number -> write a whole number"],
  ],
  [
    "OAP replicas as text",
    { "generations.v9.oap.replicas": "2" },
    ['generations.v9.oap.replicas: "2" is not a whole number -> write a whole number'],
  ],
  [
    "memory in G",
    { "generations.v9.oap.memory": "2G" },
    [
      'generations.v9.oap.memory: "2G" is not an amount of memory; allowed: a whole number with Mi or Gi -> write e.g. "2Gi"',
    ],
  ],
  [
    "cpu as a word",
    { "generations.v9.oap.cpu": "two" },
    ['generations.v9.oap.cpu: "two" is not an amount of CPU; allowed: cores or millicores -> write e.g. "500m" or "2"'],
  ],
  [
    "image without a tag",
    { "generations.v9.oap.image": "apache/skywalking-oap-server" },
    [
      'generations.v9.oap.image: "apache/skywalking-oap-server" is not an image with a tag or digest -> write registry/repository:tag',
    ],
  ],
  [
    "OAP variable that the program sets",
    { "generations.v9.oap.env": { SW_CLUSTER: "standalone" } },
    ["generations.v9.oap.env.SW_CLUSTER: is set by the program -> remove it"],
  ],
  [
    "OAP variable with a number",
    { "generations.v9.oap.env": { SW_CORE_RECORD_DATA_TTL: 3 } },
    ["generations.v9.oap.env.SW_CORE_RECORD_DATA_TTL: is not a string -> write a string"],
  ],
  [
    "OAP variable with a bad name",
    { "generations.v9.oap.env": { "SW-X": "a" } },
    ["generations.v9.oap.env.SW-X: is not the name of a variable -> rename it"],
  ],
  [
    "unknown key of oap",
    { "generations.v9.oap.replcas": 2 },
    [
      'generations.v9.oap.replcas: is not a known key; allowed: replicas, autoscaling, podDisruptionBudget, strategy, memory, cpu, cpuLimit, heap, javaOpts, image, env, config, dynamicConfig, secretMounts, ports, service, ingress, serviceAccount, startupProbe, readinessProbe, livenessProbe, podSecurityContext, containerSecurityContext, nodeSelector, affinity, tolerations, priorityClassName, podAnnotations, podLabels, podAntiAffinity, topologySpreadConstraints -> did you mean "replicas"?',
    ],
  ],
  [
    "UI image without tag",
    { "generations.v9.ui.image": "ui" },
    ['generations.v9.ui.image: "ui" is not an image with a tag or digest -> write registry/repository:tag'],
  ],
  [
    "adopted without an address",
    { "generations.v6": { managed: false, version: "6.6.0", agentNamespace: "v6" } },
    ["generations.v6.address: is missing; a string is needed -> set it"],
  ],
  [
    "adopted with an address without port",
    { "generations.v6": { managed: false, version: "6.6.0", agentNamespace: "v6", address: "oap" } },
    [
      'generations.v6.address: "oap" is not an address; allowed: host:port, a port up to 65535, several with a comma between -> write e.g. "skywalking-oap.tracing:11800"',
    ],
  ],
  [
    "adopted with storage",
    { "generations.v6": { managed: false, version: "6.6.0", agentNamespace: "v6", address: "oap:11800", storage: {} } },
    [
      "generations.v6.storage: is not a known key; allowed: version, behavesLike, agentNamespace, agents, token, managed, address, tls, restUrl, podLabels -> remove it",
    ],
  ],
  [
    "adopted at the address of the other",
    {
      "generations.v6": {
        managed: false,
        version: "6.6.0",
        agentNamespace: "v6",
        address: "oap-v9.skywalking-v9.svc:11800",
      },
    },
    [
      'generations.v6.address: "oap-v9.skywalking-v9.svc:11800" is the address of v9 -> give each generation an address of its own',
    ],
  ],
  [
    "agent image without tag",
    { "generations.v9.agents.java.image": "agent" },
    ['generations.v9.agents.java.image: "agent" is not an image with a tag or digest -> write registry/repository:tag'],
  ],
  [
    "agent directory that is relative",
    { "generations.v9.agents.java.directory": "agent" },
    [
      `generations.v9.agents.java.directory: "agent" is not a path that can be used; allowed: an absolute one of letters, digits, '_', '.', '@', '+' and '-', but not / itself -> write e.g. /skywalking/agent`,
    ],
  ],
  [
    "agents of an unknown language",
    { "generations.v9.agents": { cobol: {} } },
    ["generations.v9.agents.cobol: is not a known key; allowed: java -> remove it"],
  ],
  [
    "agents that the new OAP refuses",
    { "generations.v9.agents": undefined, services: { catalog: {} }, waves: [] },
    [
      'services.catalog.agent.release: "6.6.0" cannot report to v9 (OAP 9.7.0): a newer agent is needed: agents 6.x and 7.x speak protocol v2, which OAP 8.0 and later do not know -> set generations.v9.agents.java.release to one that can: 8.0.0 - 9.7.0',
    ],
  ],
  [
    "asked agent that the new OAP refuses",
    { "generations.v9.agents.java.release": "7.0.0", services: { catalog: {} }, waves: [] },
    [
      'services.catalog.agent.release: "7.0.0" cannot report to v9 (OAP 9.7.0): a newer agent is needed: agents 6.x and 7.x speak protocol v2, which OAP 8.0 and later do not know -> set generations.v9.agents.java.release to one that can: 8.0.0 - 9.7.0',
    ],
  ],
  [
    "service's name with capitals",
    { "services.Cart": {} },
    [
      "services.Cart: \"Cart\" is not a Kubernetes object name; allowed: lower-case letters, digits, '-' and '.' -> write the name as `kubectl get` prints it",
    ],
  ],
  ["service that is a list", { "services.catalog": [] }, ["services.catalog: a list is not a map -> write a map"]],
  [
    "no namespace anywhere",
    { "serviceDefaults.namespace": undefined, services: { catalog: {} }, waves: [] },
    ["services.catalog.namespace: is missing; a string is needed -> set it"],
  ],
  [
    "kind that cannot be patched",
    { "services.catalog.kind": "CronJob" },
    [
      'services.catalog.kind: "CronJob" is not allowed; allowed: Deployment, StatefulSet, DaemonSet, Rollout, CloneSet -> choose one of them',
    ],
  ],
  [
    "a release of Java for another language",
    { "services.catalog.agent": { language: "python", release: "1.0.1", javaVersion: 17 } },
    [
      "services.catalog.agent.javaVersion: is not allowed: it belongs to language: java -> remove it",
      'services.catalog.agent.release: "1.0.1" cannot report to v6 (OAP 6.6.0): OAP 6.x and 7.x understand only protocol v2, which no release of this agent speaks -> correct the agent that the workload brings, or the service\'s origin',
    ],
  ],
  [
    "no release of Java",
    { "services.catalog.agent": { language: "java", release: "6.6.0", javaVersion: 1.8 } },
    ["services.catalog.agent.javaVersion: 1.8 is not a whole number -> write a whole number"],
  ],
  [
    "unknown key in a service",
    { "services.catalog.contaner": "app" },
    [
      'services.catalog.contaner: is not a known key; allowed: namespace, kind, name, container, agent, inject, takeOver, variable, configFile, imageEnv, behind, origin -> did you mean "container"?',
    ],
  ],
  [
    "agent of another language",
    { "services.catalog.agent": { language: "perl", release: "1.0.0" } },
    [
      'services.catalog.agent.language: "perl" is not allowed; allowed: java, python, nodejs, go, php, rust, ruby, satellite -> choose one of them',
    ],
  ],
  [
    "agent release that never was",
    { "services.catalog.agent": { language: "java", release: "6.6" } },
    [
      'services.catalog.agent.release: "6.6" is not a release of the java agent; allowed: 6.0.0-GA to 9.7.0 -> did you mean "6.6.0"?',
    ],
  ],
  [
    "agent without release",
    { "services.catalog.agent": { language: "java" } },
    ["services.catalog.agent.release: is missing; a string is needed -> set it"],
  ],
  [
    "service name with a blank",
    { "services.catalog.agent": { language: "java", release: "6.6.0", serviceName: "my catalog" } },
    [
      "services.catalog.agent.serviceName: \"my catalog\" is not a service name; allowed: no blanks, control characters, quotes, ',' and '=' -> rename it",
    ],
  ],
  [
    "unknown way to inject",
    { "services.catalog.inject": "java-tool-option" },
    [
      'services.catalog.inject: "java-tool-option" is not allowed; allowed: java-tool-options, jdk-java-options, agent-options, env, swck, config-map -> did you mean "java-tool-options"?',
    ],
  ],
  [
    "service of an origin that is not declared",
    { "services.catalog.origin": "v8" },
    ['services.catalog.origin: "v8" is not a declared generation; allowed: v6, v9, none -> did you mean "v6"?'],
  ],
  [
    "two services of one workload",
    { "services.shelf": { name: "catalog" } },
    ["services.shelf: is the same workload as services.catalog (Deployment shop/catalog) -> remove one of them"],
  ],
  [
    "bad default",
    { "serviceDefaults.kind": "Pod" },
    [
      'serviceDefaults.kind: "Pod" is not allowed; allowed: Deployment, StatefulSet, DaemonSet, Rollout, CloneSet -> choose one of them',
    ],
  ],
  [
    "unknown default",
    { "serviceDefaults.replicas": 2 },
    [
      "serviceDefaults.replicas: is not a known key; allowed: namespace, kind, container, agent, inject, takeOver, variable, configFile, imageEnv -> remove it",
    ],
  ],
  [
    "waves that are names",
    { waves: ["catalog"] },
    [
      'waves.0: "catalog" is not a wave; allowed: a list of services, a share such as "10%", or a label selector such as {selector: "tier=backend"} -> write one of these',
    ],
  ],
  ["empty wave", { waves: [[]] }, ["waves.0: is empty -> name at least one service or remove the wave"]],
  [
    "wave with an unknown service",
    { waves: [["catalogue"]] },
    ['waves.0.0: "catalogue" is not a declared service -> did you mean "catalog"?'],
  ],
  [
    "service in two waves",
    { waves: [["catalog"], ["catalog"]] },
    ['waves.1.0: "catalog" is in wave 1 already -> name it once'],
  ],
  [
    "timeout without unit",
    { "timeouts.rollout": "300" },
    ['timeouts.rollout: "300" is not a duration; allowed: a whole number with s, m or h -> write e.g. "10m"'],
  ],
  [
    "unknown timeout",
    { "timeouts.rollouts": "5m" },
    [
      'timeouts.rollouts: is not a known key; allowed: storage, init, oap, snapshot, rollout -> did you mean "rollout"?',
    ],
  ],
  [
    "adopted, the other way round",
    {
      "generations.v9": {
        managed: false,
        version: "9.7.0",
        agentNamespace: "v9",
        address: "oap-v6.skywalking-v6.svc:11800",
        agents: { java: { release: "9.3.0" } },
      },
    },
    [
      'generations.v9.address: "oap-v6.skywalking-v6.svc:11800" is the address of v6 -> give each generation an address of its own',
    ],
  ],
  [
    "agent that the service's own origin refuses",
    { "services.catalog.agent": { language: "java", release: "9.4.0" } },
    [
      'services.catalog.agent.release: "9.4.0" cannot report to v6 (OAP 6.6.0): an older agent is needed: agents from 8.0 on speak protocol v3, which OAP 6.x and 7.x do not know -> correct the agent that the workload brings, or the service\'s origin',
    ],
  ],
  ["services that are a list", { services: [], waves: [] }, ["services: a list is not a map -> write a map"]],
  [
    "wave that is neither",
    { waves: ["tenth"] },
    [
      'waves.0: "tenth" is not a wave; allowed: a list of services, a share such as "10%", or a label selector such as {selector: "tier=backend"} -> write one of these',
    ],
  ],
  [
    "wave of more than all",
    { waves: ["110%"] },
    [
      'waves.0: "110%" is not a wave; allowed: a list of services, a share such as "10%", or a label selector such as {selector: "tier=backend"} -> write one of these',
    ],
  ],
  [
    "share of nobody",
    { waves: ["50%", "10%"] },
    [
      'waves.1: "10%" moves nobody: an earlier wave reaches 50% of all services already -> write shares that grow, e.g. 10%, 50%, 100%',
    ],
  ],
  [
    "selector that is none",
    { waves: [{ selector: "tier" }] },
    [
      'waves.0.selector: "tier" is not a wave; allowed: a list of services, a share such as "10%", or a label selector such as {selector: "tier=backend"} -> write one of these',
    ],
  ],
  [
    "unknown key in a wave",
    { waves: [{ labels: "tier=a" }] },
    [
      "waves.0.selector: is missing; a string is needed -> set it",
      "waves.0.labels: is not a known key; allowed: selector -> remove it",
    ],
  ],
  [
    "call that is none",
    { calls: ["frontend"] },
    ['calls.0: "frontend" is not a call; allowed: two services with "->" between -> write e.g. "frontend -> cart"'],
  ],
  [
    "call of unknown services",
    { calls: ["frontnd -> x"] },
    [
      'calls.0: "frontnd" is not a declared service -> did you mean "frontend"?',
      'calls.0: "x" is not a declared service -> declare it under `services`, or remove the call',
    ],
  ],
  [
    "entrance without a name",
    { entrance: { namespace: "skywalking" } },
    ["entrance.name: is missing; a string is needed -> set it"],
  ],
  [
    "two problems at once",
    { stage: "shft", "generations.v9.oap.replicas": 0 },
    [
      "generations.v9.oap.replicas: 0 is too few; allowed: 1 to 100 -> write a number in that range",
      'stage: "shft" is not a stage of strategy canary; allowed: baseline, provision, canary-1, canary-2, canary-3, shift, drain, retire -> did you mean "shift"?',
    ],
  ],
];

function problemsOf(config: Record<string, unknown>): string[] {
  try {
    readConfig(config);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(describeProblem);
    throw error;
  }
}

test.each(illegal)("%s", (_, changes, problems) => {
  expect(problemsOf(changed(exampleConfig(), changes))).toEqual(problems);
});

describe("the agent namespace of both the same", () => {
  const missing = (who: string): string =>
    `generations.v9.agentNamespace: is missing, as in v6, and the agents of ${who} keep the traces of two backends apart by it -> choose another, e.g. the generation's name`;
  const nobody = { "generations.v6.agentNamespace": undefined, "generations.v9.agentNamespace": undefined };
  const between = (from: string, to: string, agent: { language: string; release: string }): RawConfig => ({
    "generations.v6.version": from,
    "generations.v6.storage": { kind: "elasticsearch", version: from < "8" ? "7.10.2" : "7.17.29" },
    "generations.v9.version": to,
    "generations.v9.storage": { kind: "elasticsearch", version: to < "8" ? "7.10.2" : "7.17.29" },
    "generations.v9.agents": undefined,
    serviceDefaults: { namespace: "shop" },
    services: { cart: { agent, inject: agent.language === "java" ? "java-tool-options" : "env" } },
    waves: [],
  });
  const java = (release: string) => ({ language: "java", release });

  test.each<[string, RawConfig, string[]]>([
    [
      "protocol v2, whose ids another backend would take for its own",
      between("6.6.0", "7.0.0", java("6.6.0")),
      [missing("cart")],
    ],
    ["protocol v3 up to 8.9", between("8.9.1", "9.7.0", java("8.9.0")), [missing("cart")]],
    ["Java from 8.10 on, which have it in their name alone", between("9.5.0", "9.7.0", java("8.10.0")), []],
    ["Python 0.7", between("8.9.1", "9.7.0", { language: "python", release: "0.7.0" }), [missing("cart")]],
    ["Python 0.8", between("8.9.1", "9.7.0", { language: "python", release: "0.8.0" }), []],
    ["Python 1.0", between("8.9.1", "9.7.0", { language: "python", release: "1.0.0" }), []],
    ["Node.js, which knows none", between("8.9.1", "9.7.0", { language: "nodejs", release: "0.5.1" }), []],
    ["from protocol v2 to v3: another header in any case", {}, []],
    [
      "up to 8.9 on one side, from 8.10 on the other",
      {
        ...between("8.9.1", "9.7.0", java("8.9.0")),
        "generations.v9.agents": { java: { release: "9.3.0" } },
        "services.cart.agent.serviceName": "cart",
      },
      [],
    ],
    [
      "a service that was made for the new backend",
      {
        ...between("8.3.0", "9.7.0", { language: "python", release: "0.7.0" }),
        "services.cart.origin": "v9",
      },
      [],
    ],
    [
      "strategies that tell agents nothing",
      {
        ...between("8.9.1", "9.7.0", java("8.9.0")),
        strategy: "in-place",
        to: "v6",
        "generations.v6.inPlace": { version: "8.9.1" },
      },
      [],
    ],
    [
      "an agent that there is not, which is said by itself",
      between("8.9.1", "9.7.0", java("8.9.9")),
      [
        'services.cart.agent.release: "8.9.9" is not a release of the java agent; next to it are: 8.9.0, 8.10.0 -> write one of these, or for a build of your own set behavesLike beside it to the release that it was made from',
      ],
    ],
  ])("%s", (_, changes, problems) => {
    expect(problemsOf(changed(exampleConfig(), { ...nobody, ...changes }))).toEqual(problems);
  });

  test("is said of all services at once", () => {
    const named = { "generations.v6.agentNamespace": "v", "generations.v9.agentNamespace": "v" };
    const agent = java("8.9.0");
    const services = { ...between("8.9.1", "9.7.0", agent), services: { cart: { agent }, web: { agent } } };
    expect(problemsOf(changed(exampleConfig(), { ...named, ...services }))).toEqual([
      'generations.v9.agentNamespace: "v" is the same as that of v6, and the agents of cart, web keep the traces of two backends apart by it -> choose another, e.g. the generation\'s name',
    ]);
  });
});

test("the message counts the problems and says that nothing was changed", () => {
  expect(() => readConfig(changed(exampleConfig(), { stage: "shft", to: "v6" }))).toThrow(
    /^The stack's config has 2 problems; nothing was changed\.\n {2}- stage: .*\n {2}- to: /,
  );
  expect(() => readConfig(changed(exampleConfig(), { stage: "shft" }))).toThrow(/^The stack's config has 1 problem;/);
});

test("a long value is shown in part", () => {
  const [line] = problemsOf(changed(exampleConfig(), { to: "v".repeat(200) }));
  expect(line).toMatch(/^to: "v{76}\.\.\. is longer than 20 characters -> shorten it$/);
});
