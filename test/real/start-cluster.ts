import { missingRequirements } from "../../tools/real-cluster/requirements";
import { realCluster } from "./real-cluster";

/** Jest's `globalSetup`: starts the cluster that all tests share, and ends what a run that was killed has left of one. */
export default async function startCluster(): Promise<void> {
  if (missingRequirements().length > 0) return;
  await realCluster("down");
  await realCluster("up");
}
