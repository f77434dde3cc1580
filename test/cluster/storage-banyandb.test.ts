import { describeStorageKind } from "./storage-kind";

jest.setTimeout(300_000);

describeStorageKind({
  fixture: "banyandb",
  old: { "banyandb-old": 1 },
  fresh: { "banyandb-new": 1 },
  oapOfOld: 2,
  oldClaims: ["data-banyandb-old-0"],
});
