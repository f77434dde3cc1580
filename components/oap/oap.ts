import type * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";

import { oapName, selectorOf } from "../../upgrade/backend";
import type { WorkloadRef } from "../../upgrade/workload/ref";
import { definedFields } from "../defined-fields";
import { labelsOf } from "../pod";
import { createIngress, exposedMetadata, reached, servicePorts, type Metadata } from "../service";
import { openAdmin } from "./admin";
import { createTokenSecret } from "./agent-access";
import type { OapArgs } from "./args";
import { createAutoscaler } from "./autoscaler";
import { createConfigMaps } from "./files";
import { createInitJob } from "./init-job";
import { createMembership } from "./membership";
import { createServers } from "./servers";
import { createServiceMonitor } from "./service-monitor";

/**
 * The OAP cluster of one generation: an init Job that installs the storage, then the servers. Membership in the cluster
 * is a label of this generation alone.
 */
export class Oap extends pulumi.ComponentResource {
  /** The servers; agents may be sent to them once it exists. */
  readonly deployment: apps.Deployment;
  /** The Deployment, for those who ask the API server. */
  readonly ref: WorkloadRef;
  readonly service: core.Service;

  constructor(name: string, args: OapArgs, options: pulumi.ComponentResourceOptions) {
    super("skywalking-canary:index:Oap", name, {}, options);
    const { generation, namespace, profile, storage, settings } = args;
    const metadata = { name: oapName(generation), namespace, labels: labelsOf(generation, "oap", profile.release) };
    this.ref = { cluster: args.cluster, kind: "Deployment", namespace, name: metadata.name };

    const membership = createMembership(name, args, this);
    const configMaps = createConfigMaps(name, args, this);
    const init =
      storage.connection.installedBy === "servers"
        ? []
        : [createInitJob(name, args, [...storage.resources, ...configMaps], this)];
    const token = createTokenSecret(name, args, this);
    this.deployment = createServers(
      name,
      args,
      [...init, membership, ...storage.resources, ...configMaps, ...token],
      this,
    );
    createAutoscaler(name, metadata, args, this.deployment, this);
    this.service = this.createService(name, metadata, args);
    if (settings.ingress !== undefined) {
      createIngress(name, metadata, "rest", settings.ingress, this);
    }
    new policy.PodDisruptionBudget(
      name,
      {
        metadata,
        spec: {
          ...definedFields(settings.podDisruptionBudget),
          selector: { matchLabels: selectorOf(generation, "oap") },
        },
      },
      { parent: this },
    );
    createServiceMonitor(name, metadata, args, this);
    openAdmin(name, args, this);
    this.registerOutputs({});
  }

  private createService(name: string, metadata: Metadata, { generation, settings, ports }: OapArgs): core.Service {
    return new core.Service(
      name,
      {
        metadata: exposedMetadata(metadata, settings.service),
        spec: {
          ...reached(settings.service),
          selector: selectorOf(generation, "oap"),
          ports: servicePorts(ports),
        },
      },
      { parent: this },
    );
  }
}
