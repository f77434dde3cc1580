import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { oapProfile } from "../skywalking/oap";
import { namespaceOf, oapPorts, storageNamespace } from "../upgrade/backend";
import type { ManagedGeneration, Timeouts } from "../upgrade/config";
import { Oap } from "./oap/oap";
import { imageFrom } from "./pod";
import { Elasticsearch } from "./storage/elasticsearch";
import { bindExternal } from "./storage/external";
import type { StorageBinding } from "./storage/storage";
import { Ui } from "./ui";

export interface GenerationArgs {
  readonly generation: ManagedGeneration;
  /** Whether OAP and UI run; otherwise they have 0 replicas, and storage, objects and data are kept. */
  readonly running: boolean;
  /** Whether all OAP servers stop before new ones start. */
  readonly recreate: boolean;
  readonly timeouts: Timeouts;
}

/**
 * One SkyWalking backend: storage, OAP cluster and UI in a Kubernetes namespace. An upgrade has two of them, and none
 * knows which it is. Protection given to it holds for everything in it.
 */
export class Generation extends pulumi.ComponentResource {
  readonly oap: Oap;

  constructor(name: string, args: GenerationArgs, options: pulumi.ComponentResourceOptions) {
    super("skywalking-canary:index:Generation", name, {}, options);
    const { generation, running, recreate, timeouts } = args;
    const namespace = namespaceOf(name, generation);
    const profile = oapProfile(generation.version);
    const storageRef = { kind: "elasticsearch", version: generation.storage.version } as const;

    const dependsOn = generation.createNamespace ? [this.createNamespace(name, namespace)] : [];
    const storage = this.bindStorage(name, namespace, args, dependsOn);
    this.oap = new Oap(
      `${name}-oap`,
      {
        generation: name,
        namespace,
        profile,
        running,
        recreate,
        settings: generation.oap,
        init: generation.init,
        monitoring: generation.monitoring,
        images: generation.images,
        image: imageFrom(generation.images, generation.oap.image, profile.image(storageRef)),
        ports: oapPorts(generation),
        storageSelector: profile.storageSelector(storageRef),
        storage,
        storageNamespace: storageNamespace(name, generation),
        token: generation.token,
        tlsSecret: generation.tls?.secretName,
        initTimeout: timeouts.init,
        timeout: timeouts.oap,
      },
      { parent: this, dependsOn },
    );
    new Ui(
      `${name}-ui`,
      {
        generation: name,
        namespace,
        profile,
        running,
        settings: generation.ui,
        images: generation.images,
        image: imageFrom(generation.images, generation.ui.image, profile.uiImage),
        timeout: timeouts.oap,
      },
      { parent: this, dependsOn },
    );
    this.registerOutputs({});
  }

  /** Never deleted with the generation: a namespace takes the volumes' claims with it. */
  private createNamespace(name: string, namespace: string): core.Namespace {
    return new core.Namespace(
      name,
      { metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
      { parent: this, retainOnDelete: true },
    );
  }

  private bindStorage(
    name: string,
    namespace: string,
    { generation, timeouts }: GenerationArgs,
    dependsOn: pulumi.Resource[],
  ): StorageBinding {
    const { storage } = generation;
    switch (storage.kind) {
      case "elasticsearch":
        return new Elasticsearch(
          `${name}-elasticsearch`,
          {
            generation: name,
            namespace,
            version: storage.version,
            replicas: storage.replicas,
            memory: storage.memory,
            cpu: storage.cpu,
            volumeSize: storage.volumeSize,
            storageClass: storage.storageClass,
            image: storage.image,
            images: generation.images,
            timeout: timeouts.storage,
          },
          { parent: this, dependsOn },
        );
      case "elasticsearch-external":
        return bindExternal(
          `${name}-elasticsearch`,
          { generation: name, namespace, storage },
          { parent: this, dependsOn },
        );
    }
  }
}
