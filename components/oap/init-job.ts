import * as batch from "@pulumi/kubernetes/batch/v1";
import type * as pulumi from "@pulumi/pulumi";

import { oapName } from "../../upgrade/backend";
import { milliseconds } from "../../upgrade/duration";
import { checksum } from "../checksum";
import { definedFields } from "../defined-fields";
import { schedulingOf, podMetadata } from "../scheduling";
import { containerSecurityOf, labelsOf, podSecurityOf, pullPolicy, pullSecrets, resources, saysWhy } from "../pod";
import type { OapArgs } from "./args";
import { initEnv } from "./environment";
import { configChecksum, files } from "./files";

/** The Job that installs the storage. Its pod template cannot be changed, so its name carries a hash of it. */
export function createInitJob(
  name: string,
  args: OapArgs,
  dependsOn: pulumi.Resource[],
  parent: pulumi.Resource,
): batch.Job {
  const { generation, namespace, profile, init, initTimeout } = args;
  const labels = labelsOf(generation, "oap-init", profile.release);
  const template = podTemplate(args, labels);
  const hash = checksum(JSON.stringify(template)).slice(0, 8);
  return new batch.Job(
    `${name}-init`,
    {
      metadata: {
        name: `${oapName(generation)}-init-${hash}`,
        namespace,
        labels,
        // One that has failed stays so for ever: the next update puts another in its place.
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: {
        backoffLimit: 6,
        // The provider's own timeout restarts with each of its events (4.25.0, await/job.go): a Job whose pods fail
        // would be waited for until the last one.
        activeDeadlineSeconds: milliseconds(initTimeout) / 1000,
        ...definedFields({ ttlSecondsAfterFinished: init.ttlSecondsAfterFinished }),
        template,
      },
    },
    {
      parent,
      dependsOn,
      customTimeouts: { create: initTimeout, update: initTimeout, delete: initTimeout },
      // Replaced when what it installs changes, which protection would forbid; a finished Job holds nothing.
      protect: false,
    },
  );
}

function podTemplate(args: OapArgs, labels: Record<string, string>) {
  const { settings, init, images, image } = args;
  const { volumes, initContainers, mounts } = files(args);
  return {
    metadata: podMetadata(init, labels, configChecksum(args)),
    spec: {
      restartPolicy: "Never",
      ...definedFields({ serviceAccountName: settings.serviceAccount.name }),
      automountServiceAccountToken: false,
      securityContext: podSecurityOf(settings),
      ...pullSecrets(images),
      ...schedulingOf(init),
      ...(initContainers.length === 0 ? {} : { initContainers }),
      ...(volumes.length === 0 ? {} : { volumes }),
      containers: [
        {
          name: "init",
          image,
          ...pullPolicy(images),
          securityContext: containerSecurityOf(settings),
          env: initEnv(args),
          ...saysWhy,
          resources: resources({
            memory: init.memory ?? settings.memory,
            cpu: init.cpu ?? settings.cpu,
            cpuLimit: init.cpuLimit ?? settings.cpuLimit,
          }),
          ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
        },
      ],
    },
  };
}
