import { changed, exampleConfig, type RawConfig } from "../../example";
import { plan } from "../../../upgrade/plan";
import { readConfig } from "../../../upgrade/read-config";
import { problemsOf } from "../problems-of";
import { textsOf } from "../texts-of";

/** The example from 8.9.1 on, with one service. */
const one = (service: RawConfig, more: RawConfig = {}): RawConfig =>
  changed(exampleConfig(), {
    "generations.v6.version": "8.9.1",
    "generations.v9.agents": {},
    waves: [],
    services: { cart: service },
    ...more,
  });

const python = { language: "python", release: "1.1.0" };

test.each<[string, RawConfig, string[]]>([
  [
    "a Rust agent",
    one({ agent: { language: "rust", release: "0.10.0" } }),
    [
      'services.cart.agent.language: "rust" cannot be re-pointed: its address is in the application\'s own code -> have its owner change the code, and remove the service here',
    ],
  ],
  [
    "a way that is not the language's",
    one({ agent: python, inject: "java-tool-options" }),
    [
      'services.cart.inject: "java-tool-options" is not supported for the python agent; allowed: env -> choose one of them',
    ],
  ],
  [
    "a Satellite without an address",
    one({ agent: { language: "satellite", release: "0.1.0" } }, { "generations.v9.version": "8.9.1" }),
    [
      'services.cart.agent.release: "0.1.0" cannot be re-pointed: the satellite agent has no setting for its address in that release -> have its owner bring a newer one',
      'services.cart.agent.release: "0.1.0" cannot report to v6 (OAP 8.9.1): a newer agent is needed: OAP 8.9 and 9.0 need Satellite 0.4.0 or newer -> correct the agent that the workload brings, or the service\'s origin',
      'services.cart.agent.release: "0.1.0" cannot report to v9 (OAP 8.9.1): a newer agent is needed: OAP 8.9 and 9.0 need Satellite 0.4.0 or newer -> have its owner upgrade the agent, and correct the release here; releases that can: 0.4.0 - 1.3.0',
    ],
  ],
  [
    "keys of another way",
    one({ agent: { language: "java", release: "8.9.0" }, variable: "JAVA_OPTS", configFile: {} }),
    [
      "services.cart.variable: is not allowed: it belongs to inject: agent-options -> remove it",
      "services.cart.configFile: is not allowed: it belongs to inject: config-map -> remove it",
    ],
  ],
  [
    "variables that do nothing with an agent to 8.7",
    one({ agent: { language: "java", release: "8.7.0" }, inject: "env" }),
    [
      'services.cart.inject: "env" cannot give java agent 8.7.0 an agent namespace by inject: env, which v9 requires -> set inject: java-tool-options',
    ],
  ],
  [
    "a token that SWCK would show",
    one({ agent: { language: "java", release: "8.7.0" }, inject: "swck" }, { "generations.v9.token": "t0ken" }),
    [
      'services.cart.inject: "swck" cannot give java agent 8.7.0 a token by a variable, which v9 requires -> set inject: java-tool-options',
    ],
  ],
  [
    "TLS and an agent that has none",
    one({ agent: { language: "java", release: "8.3.0" } }, { "generations.v9.tls": { secretName: "oap-tls" } }),
    [
      'services.cart.agent.release: "8.3.0" cannot give java agent 8.3.0 a TLS setting, which v9 requires -> use another release of the agent',
    ],
  ],
  [
    "a namespace by a php.ini, which has none, is not asked for",
    one({ agent: { language: "php", release: "0.8.0" }, configFile: { volume: "ini", key: "skywalking.ini" } }),
    [],
  ],
  [
    "agents behind something else than a Satellite",
    one({ agent: python, behind: [python] }),
    ["services.cart.behind: is not allowed: only a satellite passes on what others report -> remove it"],
  ],
  [
    "an agent behind a Satellite that the new OAP refuses",
    one({
      agent: { language: "satellite", release: "1.2.0" },
      behind: [
        { language: "java", release: "9.0.0" },
        { language: "java", release: "8.9.0" },
      ],
    }),
    [
      'services.cart.behind.0.release: "9.0.0" cannot report to v6 (OAP 8.9.1): an older agent is needed: Java agents 9.x need OAP 9.5 or newer -> have its owner upgrade that agent first',
    ],
  ],
  [
    "an agent of another language that has to be upgraded",
    one({ agent: { language: "go", release: "0.6.0" } }),
    [
      'services.cart.agent.release: "0.6.0" cannot report to v6 (OAP 8.9.1): the Go agent needs OAP 9.5 or newer -> correct the agent that the workload brings, or the service\'s origin',
    ],
  ],
])("%s", (_, config, problems) => {
  expect(problemsOf(config)).toEqual(problems);
});

test("a problem of both generations is said once", () => {
  const config = one(
    { agent: { language: "java", release: "8.7.0" }, inject: "env" },
    { origin: "none", "generations.v6.agentNamespace": "v9x" },
  );
  expect(problemsOf(config)).toEqual([
    'services.cart.inject: "env" cannot give java agent 8.7.0 an agent namespace by inject: env, which v6 requires -> set inject: java-tool-options',
    'services.cart.inject: "env" cannot give java agent 8.7.0 an agent namespace by inject: env, which v9 requires -> set inject: java-tool-options',
  ]);
});

test("what moves with a Satellite is said", () => {
  const config = readConfig(one({ agent: { language: "satellite", release: "1.2.0" } }));
  const { warnings } = plan(config, { present: new Map(), labelsOf: new Map() });
  expect(textsOf(warnings)).toContain(
    "cart: everything that reports through it moves to v9 at once, and keeps its agent namespace, name and header",
  );
});

test("where one generation has TLS, agents of the other are told to do without", () => {
  const config = readConfig(
    one(
      { agent: { language: "java", release: "8.9.0" } },
      { origin: "none", stage: "baseline", "generations.v9.tls": { secretName: "oap-tls" } },
    ),
  );
  const [[planned] = []] = plan(config, { present: new Map(), labelsOf: new Map() }).waves;
  expect(planned?.settings?.tls).toEqual({ on: false, ca: false });
  expect(planned?.settingsOfTo?.tls).toEqual({ on: true, ca: false });
});
