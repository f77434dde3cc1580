import { parseStageFlag, stageFlags, stageFlagText } from "../../upgrade/stage";

test.each([
  [0, ["baseline", "provision", "shift", "drain", "retire"]],
  [1, ["baseline", "provision", "canary-1", "shift", "drain", "retire"]],
  [3, ["baseline", "provision", "canary-1", "canary-2", "canary-3", "shift", "drain", "retire"]],
])("the flags of strategy canary with %d waves", (waves, flags) => {
  expect(stageFlags("canary", waves)).toEqual(flags);
});

test.each([
  ["baseline", { stage: "baseline" }],
  ["canary", { stage: "canary", wave: 1 }],
  ["canary-1", { stage: "canary", wave: 1 }],
  ["canary-3", { stage: "canary", wave: 3 }],
  ["retire", { stage: "retire" }],
  ["canary-0", undefined],
  ["canary-4", undefined],
  ["canary-01", undefined],
  ["Baseline", undefined],
  ["", undefined],
])("the flag %p of three waves", (text, expected) => {
  expect(parseStageFlag(text, "canary", 3)).toEqual(expected);
});

test("there is no stage canary without waves", () => {
  expect(parseStageFlag("canary", "canary", 0)).toBeUndefined();
});

test("every flag is read back as it is written", () => {
  for (const flag of stageFlags("canary", 12)) {
    const parsed = parseStageFlag(flag, "canary", 12);
    expect(parsed === undefined ? undefined : stageFlagText(parsed)).toBe(flag);
  }
});
