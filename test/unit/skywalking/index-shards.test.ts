import { shardsAtInstall } from "../../../skywalking/index-shards";
import type { OapRelease } from "../../../skywalking/oap";

test.each<[OapRelease, number | undefined, number]>([
  ["6.5.0", undefined, 0],
  ["6.6.0", undefined, 770],
  ["6.6.0", 1, 385],
  ["7.0.0", undefined, 262],
  ["8.0.0", undefined, 0],
])("OAP %s with %p shards of each index opens %i at once", (release, shards, expected) => {
  expect(shardsAtInstall(release, shards)).toBe(expected);
});
