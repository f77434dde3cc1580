import { changed, fixtureConfig } from "../example";
import { declared } from "./declared";

test.each([
  ["with the gate healthy", {}],
  ["without it", { healthy: { mode: "off" } }],
])("in place, who has arrived is asked when the servers have been replaced: %s", async (_, gates) => {
  const { resources, beforeRollout } = await declared(
    changed(fixtureConfig("in-place"), { stage: "shift", gates }),
    new Map(),
  );
  expect(beforeRollout).toContain("main-oap");
  expect(beforeRollout).not.toContain("main-arrived");
  expect(resources.map(({ name }) => name)).toContain("main-arrived");
});
