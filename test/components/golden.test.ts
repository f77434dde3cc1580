import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { stringify } from "yaml";

import { createProvider } from "../../components/cluster";
import { declareUpgrade, type Outputs } from "../../components/upgrade";
import { planPatches } from "../../upgrade/patches";
import { plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, exampleWorkloads } from "../example";
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

const stages = ["baseline", "provision", "canary-1", "canary-2", "canary-3", "shift", "drain", "retire"];

test.each(stages)("every resource of the example at %s", async (stage) => {
  const config = readConfig(changed(exampleConfig(), { stage }));
  const planned = plan(config, { present: new Map() });
  const patches = planPatches(planned, exampleWorkloads());
  let outputs: Outputs | undefined;
  const resources = await record(() => {
    const provider = createProvider({ kubeconfig: undefined, context: undefined });
    ({ outputs } = declareUpgrade(config, planned, patches, provider, () => Promise.resolve()));
  });
  const text = [{ outputs }, ...resources.map((resource) => ({ [`${resource.type} ${resource.name}`]: resource }))]
    .map((part) => stringify(part, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("\n");
  expectGolden(`${stage}.yaml`, text);
});
