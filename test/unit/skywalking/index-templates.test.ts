import { indexTemplatesOf } from "../../../skywalking/index-templates";

test.each([
  ["6.0.0-GA", "elasticsearch", "6.8.9", "legacy"],
  ["8.7.0", "elasticsearch", "7.17.29", "legacy"],
  ["8.7.0", "opensearch", "1.3.10", "legacy"],
  ["8.8.0", "elasticsearch", "6.8.9", "legacy"],
  ["8.8.0", "elasticsearch", "7.7.1", "legacy"],
  ["8.8.0", "elasticsearch", "7.8.0", "composable"],
  ["8.8.0", "opensearch", "1.3.10", "composable"],
  ["10.4.0", "elasticsearch", "8.18.8", "composable"],
  ["10.4.0", "opensearch", "2.8.0", "composable"],
] as const)("OAP %s on %s %s writes %s index templates", (release, kind, version, templates) => {
  expect(indexTemplatesOf(release, { kind, version })).toBe(templates);
});

test("a server of which no version is known is asked the old way", () => {
  expect(indexTemplatesOf("9.7.0", { kind: "mysql" })).toBe("legacy");
});
