import { difference } from "./golden-difference";

const job = ["Job install:", "  inputs:", "    env:", "      - name: A", '        value: "1"', "    image: one", ""];
const changed = ["Job install:", "  inputs:", "    env:", "      - name: A", '        value: "2"', ""];

test("what is the same is not told", () => {
  const parts = new Map([["Job install", job.join("\n")]]);
  expect(difference(parts, parts)).toBe("");
});

test("a part that came is there as a whole, a part that went by its title", () => {
  const kept = ["Service c", "Service c:\n"] as const;
  const before = new Map([kept, ["Service a", "Service a:\n  name: a\n"]]);
  const after = new Map([kept, ["Service b", "Service b:\n  name: b\n"]]);
  expect(difference(before, after)).toBe(
    ["resources", "@@ -2,1 +2,1 @@", "- Service a", "+ Service b", "", "+ Service b:", "+   name: b", ""].join("\n"),
  );
});

test("a changed line has its number and the keys above it", () => {
  expect(difference(new Map([["Job install", job.join("\n")]]), new Map([["Job install", changed.join("\n")]]))).toBe(
    [
      "Job install",
      "@@ -5,2 +5,1 @@ inputs: env: - name: A",
      '-         value: "1"',
      "-     image: one",
      '+         value: "2"',
      "",
    ].join("\n"),
  );
});

test("a part in another place goes and comes, and is not there again", () => {
  const [a, b] = [["Service a", "Service a:\n"] as const, ["Service b", "Service b:\n"] as const];
  expect(difference(new Map([a, b]), new Map([b, a]))).toBe(
    ["resources", "@@ -1,1 +1,0 @@", "- Service a", "@@ -3,0 +2,1 @@", "+ Service a", ""].join("\n"),
  );
});
