import { missingRequirements } from "../../tools/real-cluster/requirements";
import { realCluster } from "./real-cluster";

/** Jest's `globalTeardown`: ends the cluster. */
export default async function stopCluster(): Promise<void> {
  if (missingRequirements().length === 0) await realCluster("down");
}
