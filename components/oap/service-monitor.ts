import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import type * as pulumi from "@pulumi/pulumi";

import { selectorOf } from "../../upgrade/backend";
import type { Metadata } from "../service";
import type { OapArgs } from "./args";

/** Tells a Prometheus Operator to scrape the port `metrics` of the servers. */
export function createServiceMonitor(
  name: string,
  metadata: Metadata,
  { generation, monitoring }: OapArgs,
  parent: pulumi.Resource,
): void {
  if (!monitoring.serviceMonitor) return;
  new apiextensions.CustomResource(
    name,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { ...metadata, labels: { ...monitoring.labels, ...metadata.labels } },
      spec: { selector: { matchLabels: selectorOf(generation, "oap") }, endpoints: [{ port: "metrics" }] },
    },
    // A key that is removed from the config removes the object, which protection would forbid.
    { parent, protect: false },
  );
}
