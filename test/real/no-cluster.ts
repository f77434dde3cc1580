import { missingRequirements } from "../../tools/real-cluster/requirements";
import { realCluster } from "./real-cluster";

/** Ends the cluster, and what a run that was killed has left of one. */
export default async function noCluster(): Promise<void> {
  if (missingRequirements().length === 0) await realCluster("down");
}
