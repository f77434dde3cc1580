import { changed, everyKeyConfig, exampleConfig, exampleWorkloads } from "../example";
import { declared } from "./declared";
import { expectGolden } from "./golden-file";

const stages = ["baseline", "provision", "canary-1", "canary-2", "canary-3", "shift", "drain", "retire"];

test.each(stages)("every resource of the example at %s", async (stage) => {
  expectGolden(`${stage}.yaml`, await declared(changed(exampleConfig(), { stage }), exampleWorkloads()));
});

test("every resource of a stack that sets every key", async () => {
  expectGolden("chart/every-key.yaml", await declared(changed(everyKeyConfig(), { stage: "provision" }), new Map()));
});
