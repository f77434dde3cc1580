import { startElasticOperator } from "./elastic-operator";
import { describeStorageKind } from "./storage-kind";

jest.setTimeout(300_000);

describeStorageKind({
  fixture: "eck",
  old: {},
  fresh: {},
  oapOfOld: 1,
  oldClaims: [],
  start: startElasticOperator,
});
