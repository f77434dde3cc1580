import { bytes, isLarger } from "../../upgrade/quantity";

test.each([
  ["512", 512],
  ["1Ki", 1024],
  ["20Gi", 20 * 1024 ** 3],
  ["2Ti", 2 * 1024 ** 4],
  ["1e3", Number.NaN],
  ["5G", Number.NaN],
])("%s is %d bytes", (size, expected) => {
  expect(bytes(size)).toBe(expected);
});

test.each([
  ["1Ti", "1000Gi", true],
  ["1Ti", "1024Gi", false],
  ["5G", "1Gi", false],
])("%s is larger than %s: %s", (size, other, expected) => {
  expect(isLarger(size, other)).toBe(expected);
});
