import { actingStages, hasWaves, parseStageFlag, stageFlags, stageFlagTexts, stageRow } from "../../upgrade/stage";

test.each([
  [0, ["baseline", "provision", "shift", "drain", "retire"]],
  [1, ["baseline", "provision", "canary-1", "shift", "drain", "retire"]],
  [3, ["baseline", "provision", "canary-1", "canary-2", "canary-3", "shift", "drain", "retire"]],
])("the flags of strategy canary with %d waves", (waves, flags) => {
  expect(stageFlagTexts("canary", waves)).toEqual(flags);
});

test.each([
  ["baseline", { text: "baseline", stage: "baseline", wave: undefined, index: 0 }],
  ["canary", { text: "canary-1", stage: "canary", wave: 1, index: 2 }],
  ["canary-1", { text: "canary-1", stage: "canary", wave: 1, index: 2 }],
  ["canary-3", { text: "canary-3", stage: "canary", wave: 3, index: 4 }],
  ["retire", { text: "retire", stage: "retire", wave: undefined, index: 7 }],
  ["canary-0", undefined],
  ["canary-4", undefined],
  ["canary-01", undefined],
  ["Baseline", undefined],
  ["", undefined],
] as const)("the flag %p of three waves", (text, expected) => {
  expect(parseStageFlag(text, "canary", 3)).toEqual(
    expected === undefined ? undefined : { ...expected, row: stageRow("canary", expected.stage) },
  );
});

test("there is no stage canary without waves", () => {
  expect(parseStageFlag("canary", "canary", 0)).toBeUndefined();
});

test("every flag is read back as it is written", () => {
  for (const flag of stageFlags("canary", 12)) {
    expect(parseStageFlag(flag.text, "canary", 12)).toEqual(flag);
  }
});

test("a check of the user's own can wait for every stage from the first that moves services on", () => {
  expect(actingStages).toEqual(["canary", "shift", "drain", "retire"]);
});

test.each([
  ["canary", true],
  ["hot-reboot", false],
  ["in-place", false],
] as const)("strategy %s has waves: %s", (strategy, expected) => {
  expect(hasWaves(strategy)).toBe(expected);
});
