import { describeStorageKind } from "./storage-kind";

jest.setTimeout(300_000);

describeStorageKind({
  fixture: "elasticsearch",
  old: { "elasticsearch-old": 1 },
  fresh: { "elasticsearch-new": 2, "elasticsearch-new-master": 3 },
  oapOfOld: 2,
  oldClaims: ["data-elasticsearch-old-0"],
});
