import type { types } from "@pulumi/kubernetes";
import * as apps from "@pulumi/kubernetes/apps/v1";
import type * as pulumi from "@pulumi/pulumi";

import { oapName, selectorOf } from "../../upgrade/backend";
import { definedFields } from "../defined-fields";
import { podMetadata, spreadOut } from "../scheduling";
import { containerSecurityOf, labelsOf, podSecurityOf, pullPolicy, pullSecrets, resources, saysWhy } from "../pod";
import { agentAccessFiles } from "./agent-access";
import type { OapArgs } from "./args";
import { serverEnv } from "./environment";
import { configChecksum, files } from "./files";
import { clusterLabel, serviceAccountName } from "./membership";

/** The servers, whose storage the init Job has installed. */
export function createServers(
  name: string,
  args: OapArgs,
  dependsOn: pulumi.Resource[],
  parent: pulumi.Resource,
): apps.Deployment {
  const { generation, namespace, profile, settings, recreate, timeout } = args;
  const labels = labelsOf(generation, "oap", profile.release);
  const selector = selectorOf(generation, "oap");
  return new apps.Deployment(
    name,
    {
      metadata: { name: oapName(generation), namespace, labels, ...scaledByAnother(args) },
      spec: {
        ...replicas(args),
        selector: { matchLabels: selector },
        strategy:
          recreate || settings.strategy === "Recreate"
            ? { type: "Recreate" }
            : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: podMetadata(settings, { ...labels, [clusterLabel]: generation }, configChecksum(args)),
          spec: podSpec(args, selector),
        },
      },
    },
    { parent, dependsOn, customTimeouts: { create: timeout, update: timeout, delete: timeout } },
  );
}

/** The number is the autoscaler's, where there is one, except that servers that must not run have none. */
function replicas({ running, settings }: OapArgs): { replicas?: number } {
  if (!running) return { replicas: 0 };
  return settings.autoscaling === undefined ? { replicas: settings.replicas } : {};
}

/**
 * The autoscaler may have become the owner of `replicas`, from which Server-Side Apply takes it by force only (tried:
 * Kubernetes 1.33).
 */
function scaledByAnother({ settings }: OapArgs): Pick<types.input.meta.v1.ObjectMeta, "annotations"> {
  return settings.autoscaling === undefined ? {} : { annotations: { "pulumi.com/patchForce": "true" } };
}

function podSpec(args: OapArgs, selector: Record<string, string>): types.input.core.v1.PodSpec {
  const { profile, settings, images, image, ports } = args;
  const { volumes: fileVolumes, initContainers, mounts: fileMounts } = files(args);
  const access = agentAccessFiles(args);
  const volumes = [...fileVolumes, ...access.volumes];
  const mounts = [...fileMounts, ...access.mounts];
  const handler: types.input.core.v1.Probe =
    profile.probe.kind === "tcp"
      ? { tcpSocket: { port: "rest" } }
      : { httpGet: { path: profile.probe.path, port: "rest" } };
  return {
    serviceAccountName: serviceAccountName(args),
    securityContext: podSecurityOf(settings),
    terminationGracePeriodSeconds: 60,
    ...pullSecrets(images),
    ...spreadOut(settings, selector),
    ...(initContainers.length === 0 ? {} : { initContainers }),
    ...(volumes.length === 0 ? {} : { volumes }),
    containers: [
      {
        name: "oap",
        image,
        ...pullPolicy(images),
        securityContext: containerSecurityOf(settings),
        env: serverEnv(args),
        ports: Object.entries(ports).map(([portName, containerPort]) => ({ name: portName, containerPort })),
        ...saysWhy,
        resources: resources(settings),
        startupProbe: {
          ...handler,
          periodSeconds: 5,
          failureThreshold: 120,
          ...definedFields(settings.startupProbe ?? {}),
        },
        readinessProbe: {
          ...handler,
          periodSeconds: 10,
          timeoutSeconds: 5,
          ...definedFields(settings.readinessProbe ?? {}),
        },
        livenessProbe: {
          tcpSocket: { port: "grpc" },
          periodSeconds: 20,
          failureThreshold: 5,
          ...definedFields(settings.livenessProbe ?? {}),
        },
        // Endpoints forget the pod before it stops taking what agents send.
        lifecycle: { preStop: { exec: { command: ["sleep", "10"] } } },
        ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
      },
    ],
  };
}
