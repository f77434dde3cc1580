import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { milliseconds } from "../../upgrade/duration";
import { StorageAccess } from "./access";
import { administer } from "./administration";
import type { SecretsOf } from "./elasticsearch/secrets";
import { takeSnapshot } from "./snapshot";
import type { StorageWork } from "./work";

/**
 * Does the work in storages. A preview contacts none, because it may not exist yet.
 *
 * @param onProgress - told what is waited for
 */
export function openStorages(
  kube: KubeConfig,
  secretsOf: SecretsOf,
  preview: boolean,
  onProgress: (text: string) => void,
): StorageWork {
  const access = new StorageAccess(kube, secretsOf);
  return {
    administer,
    reached: (admin) => (preview ? Promise.resolve() : access.reached(admin)),
    takeSnapshot: async ({ generation, admin, repository }, timeout) => {
      const { prefix } = admin;
      if (preview) return { repository: repository.name, name: "taken by the update", indices: 0, documents: 0 };
      const request = {
        generation,
        repository: repository.name,
        prefix,
        timeout: milliseconds(timeout),
        at: new Date(),
      };
      return takeSnapshot(await access.open(admin), request, onProgress);
    },
  };
}
