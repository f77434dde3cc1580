import { missingRequirements } from "../../tools/real-cluster/requirements";
import { realCluster } from "./real-cluster";

/** Jest's `globalSetup`: starts the cluster that all tests share, after ending what a killed run may have left. */
export default async function startCluster(): Promise<void> {
  if (missingRequirements().length > 0) return;
  await realCluster("down");
  await realCluster("up");
}
