import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { stringify } from "yaml";

import { createProvider } from "../../components/cluster";
import { declareUpgrade, type Outputs } from "../../components/upgrade";
import { planPatches } from "../../upgrade/patches";
import { plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { stageFlags } from "../../upgrade/stage";
import { changed, exampleConfig, exampleWorkloads, fixtureConfig, type RawConfig } from "../example";
import { record } from "./recorder";

/** Compares with a reviewed file; `npm run golden` writes it anew. */
function expectGolden(file: string, text: string): void {
  const path = join(__dirname, "..", "golden", file);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path)).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}

/** Outputs and every resource of a stack, in the order in which the engine gets them. */
async function dump(raw: RawConfig): Promise<string> {
  const config = readConfig(raw);
  const planned = plan(config, { present: new Map() });
  const patches = planPatches(planned, exampleWorkloads());
  let outputs: Outputs | undefined;
  const resources = await record(() => {
    const provider = createProvider({ kubeconfig: undefined, context: undefined });
    ({ outputs } = declareUpgrade(config, planned, patches, provider, () => Promise.resolve()));
  });
  return [{ outputs }, ...resources.map((resource) => ({ [`${resource.type} ${resource.name}`]: resource }))]
    .map((part) => stringify(part, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("\n");
}

test.each(stageFlags("canary", 3))("every resource of the example at %s", async (stage) => {
  expectGolden(`${stage}.yaml`, await dump(changed(exampleConfig(), { stage })));
});

test.each(stageFlags("hot-reboot", 0))("every resource of a hot reboot at %s", async (stage) => {
  expectGolden(`hot-reboot/${stage}.yaml`, await dump(changed(fixtureConfig("hot-reboot"), { stage })));
});

test.each(stageFlags("in-place", 0))("every resource of an upgrade in place at %s", async (stage) => {
  expectGolden(`in-place/${stage}.yaml`, await dump(changed(fixtureConfig("in-place"), { stage })));
});

test.each([
  ["without", {}],
  ["with", { user: "oap", password: "secret" }],
])("every resource of an external Elasticsearch %s credentials", async (name, credentials) => {
  const storage = { kind: "elasticsearch-external", version: "7.17.29", urls: ["https://a:9200", "https://b:9200"], ...credentials };
  const adopted = { managed: false, version: "6.6.0", address: "oap.tracing:11800", agentNamespace: "v6" };
  const stack = changed(exampleConfig(), { "generations.v6": adopted, "generations.v9.storage": storage, stage: "shift" });
  expectGolden(`external/${name}-credentials.yaml`, await dump(stack));
});
