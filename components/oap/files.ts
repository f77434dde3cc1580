import * as core from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";

import { oapName } from "../../upgrade/backend";
import { checksum } from "../checksum";
import { definedFields } from "../defined-fields";
import { containerSecurityOf, labelsOf, pullPolicy } from "../pod";
import { noFiles, type PodFiles } from "../pod-files";
import type { OapArgs } from "./args";
import { clusterLabel } from "./membership";

/** For the buffers of receivers. */
export const bufferDirectory = "/buffers";
const configDirectory = "/skywalking/config";
const configMapName = ({ generation }: OapArgs): string => `${oapName(generation)}-config`;
/** The key of a ConfigMap that stands for a path. */
const keyOf = (path: string): string => path.replaceAll("/", "__");
/** Path and content, in an order that does not depend on how they were written. */
const sorted = (config: Readonly<Record<string, string>>): [string, string][] => Object.entries(config).sort();

/** The ConfigMaps with what the user configures, if anything. */
export function createConfigMaps(name: string, args: OapArgs, parent: pulumi.Resource): core.ConfigMap[] {
  const { generation, namespace, profile, settings } = args;
  const labels = labelsOf(generation, "oap", profile.release);
  // A key that is removed from the config removes the object, which protection would forbid.
  const options = { parent, protect: false };
  const { config, dynamicConfig } = settings;
  const maps: core.ConfigMap[] = [];
  if (config !== undefined) {
    const data = Object.fromEntries(Object.entries(config).map(([path, content]) => [keyOf(path), content]));
    maps.push(
      new core.ConfigMap(
        `${name}-config`,
        { metadata: { name: configMapName(args), namespace, labels }, data },
        options,
      ),
    );
  }
  if (dynamicConfig !== undefined) {
    // The servers follow the ConfigMaps that have the label of their cluster
    // (configuration-k8s-configmap, 8.1 to 11.0).
    const metadata = {
      name: `${oapName(generation)}-dynamic`,
      namespace,
      labels: { ...labels, [clusterLabel]: generation },
    };
    maps.push(new core.ConfigMap(`${name}-dynamic`, { metadata, data: dynamicConfig.config }, options));
  }
  return maps;
}

/**
 * Annotation of the pods that changes with the files, so that pods with the old ones are replaced: a file that is
 * mounted by `subPath` stays what it was.
 */
export function configChecksum({ settings: { config } }: OapArgs): Readonly<Record<string, string>> {
  if (config === undefined) return {};
  return { "skywalking-canary/config-checksum": checksum(JSON.stringify(sorted(config))) };
}

/** The files that servers and init Job share. */
export function files(args: OapArgs): PodFiles {
  const all = [
    writableConfig(args),
    buffers(args),
    configFiles(args),
    secretFiles(args),
    args.storage.connection.files,
  ];
  return {
    volumes: all.flatMap(({ volumes }) => volumes),
    initContainers: all.flatMap(({ initContainers }) => initContainers),
    mounts: all.flatMap(({ mounts }) => mounts),
  };
}

/**
 * The images 6.1 to 6.6 write their application.yml when they start, which a pod that is not root may do
 * in a volume only.
 */
function writableConfig({ profile, image, images, settings }: OapArgs): PodFiles {
  if (!profile.generatesConfig) return noFiles;
  return {
    volumes: [{ name: "config", emptyDir: {} }],
    initContainers: [
      {
        name: "config",
        image,
        ...pullPolicy(images),
        command: ["sh", "-c", `cp -R ${configDirectory}/. /writable-config/`],
        securityContext: containerSecurityOf(settings),
        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
        volumeMounts: [{ name: "config", mountPath: "/writable-config" }],
      },
    ],
    mounts: [{ name: "config", mountPath: configDirectory }],
  };
}

/** Where receivers may write, as a user who is not root; it outlives a restart of the container. */
function buffers({ profile }: OapArgs): PodFiles {
  if (profile.env.buffer === undefined) return noFiles;
  return {
    ...noFiles,
    volumes: [{ name: "buffers", emptyDir: {} }],
    mounts: [{ name: "buffers", mountPath: bufferDirectory }],
  };
}

/**
 * Each file is mounted over its place in the image. Not in `ext-config`, from which the images 7.0 to 11.0 copy: only
 * root may write to where they copy it, and 7.0 to 8.7 say nothing when they cannot.
 */
function configFiles(args: OapArgs): PodFiles {
  const { config } = args.settings;
  if (config === undefined) return noFiles;
  return {
    ...noFiles,
    volumes: [{ name: "config-files", configMap: { name: configMapName(args) } }],
    mounts: sorted(config).map(([path]) => ({
      name: "config-files",
      mountPath: `${configDirectory}/${path}`,
      subPath: keyOf(path),
      readOnly: true,
    })),
  };
}

function secretFiles({ settings: { secretMounts = [] } }: OapArgs): PodFiles {
  return {
    ...noFiles,
    volumes: secretMounts.map(({ secretName, defaultMode }, index) => ({
      name: `secret-${String(index)}`,
      secret: { secretName, ...definedFields({ defaultMode }) },
    })),
    mounts: secretMounts.map(({ mountPath, subPath }, index) => ({
      name: `secret-${String(index)}`,
      mountPath,
      ...definedFields({ subPath }),
      readOnly: true,
    })),
  };
}
