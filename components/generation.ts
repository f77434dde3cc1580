import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { oapProfile } from "../skywalking/oap";
import { namespaceOf, oapPorts } from "../upgrade/backend";
import type { ManagedGeneration, Timeouts } from "../upgrade/config";
import type { PlannedStorage } from "../upgrade/plan";
import { storageNamespace, storageRef } from "../upgrade/storage/storage";
import { storageAdmin } from "../upgrade/storage/administration";
import { storageName } from "../upgrade/storage/kind";
import { storageNodes } from "../upgrade/storage/nodes";
import { Oap } from "./oap/oap";
import { once, settled } from "./order";
import { imageFrom } from "./pod";
import type { StorageBinding } from "./storage/binding";
import type { SecretsOf } from "./storage/elasticsearch/secrets";
import { bindStorage } from "./storage/storage";
import type { StorageAdministrator } from "./storage/administrator";
import { Ui } from "./ui";

export interface GenerationArgs {
  readonly generation: ManagedGeneration;
  /** Whether OAP and UI run; otherwise they have 0 replicas, and storage, objects and data are kept. */
  readonly running: boolean;
  /** Whether all OAP servers stop before new ones start. */
  readonly recreate: boolean;
  readonly storage: PlannedStorage;
  readonly timeouts: Timeouts;
  /** Given where something is declared in a storage. */
  readonly storageAdministrator?: StorageAdministrator;
  readonly secretsOf: SecretsOf;
}

/**
 * One SkyWalking backend: storage, OAP cluster and UI in a Kubernetes namespace. An upgrade has two of them, and none
 * knows which it is. Protection given to it holds for everything in it.
 */
export class Generation extends pulumi.ComponentResource {
  readonly oap: Oap;
  /** Resolves when its storage answers its administrator; at once where nothing is declared in it. */
  readonly storageReached: Promise<void>;

  constructor(name: string, args: GenerationArgs, options: pulumi.ComponentResourceOptions) {
    super("skywalking-canary:index:Generation", name, {}, options);
    const { generation, running, recreate, timeouts } = args;
    const namespace = namespaceOf(name, generation);
    const profile = oapProfile(generation.behavesLike, generation.version);
    const ref = storageRef(generation);

    const dependsOn = generation.createNamespace ? [this.createNamespace(name, namespace)] : [];
    const image = imageFrom(generation.images, generation.oap.image, profile.image(ref));
    const bound = this.bindStorage(name, namespace, args, image, dependsOn);
    const { storage, reached } = this.administer(name, args, bound);
    this.storageReached = reached;
    this.oap = new Oap(
      `${name}-oap`,
      {
        generation: name,
        cluster: generation.cluster,
        namespace,
        profile,
        running,
        recreate,
        settings: generation.oap,
        init: generation.init,
        monitoring: generation.monitoring,
        images: generation.images,
        image,
        ports: oapPorts(generation),
        storageSelector: profile.storageSelector(ref),
        storage,
        token: generation.token,
        tlsSecret: generation.tls?.secretName,
        opensAdmin: generation.ui.admin,
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

  /** Declares what belongs to the storage itself, and lets the OAP wait for what it needs of that. */
  private administer(
    name: string,
    { generation, storageAdministrator }: GenerationArgs,
    storage: StorageBinding,
  ): { storage: StorageBinding; reached: Promise<void> } {
    const admin = storageAdmin(name, generation);
    if (admin === undefined || storageAdministrator === undefined) return { storage, reached: Promise.resolve() };
    const reached = settled(storage.resources).then(() => storageAdministrator.reached(admin));
    const { kind } = storageRef(generation);
    const needed = storageAdministrator.administer(`${name}-${kind}`, admin, storage.secrets, {
      parent: this,
      dependsOn: once(reached, storage.resources),
      deletedWith: storage.deletedWith,
    });
    return { storage: { ...storage, resources: [...storage.resources, ...needed] }, reached };
  }

  private bindStorage(
    name: string,
    namespace: string,
    { generation, storage, timeouts, secretsOf }: GenerationArgs,
    image: string,
    dependsOn: pulumi.Resource[],
  ): StorageBinding {
    const { images } = generation;
    const ref = storageRef(generation);
    return bindStorage(
      `${name}-${ref.kind}`,
      {
        generation: name,
        cluster: generation.cluster,
        namespace,
        objectName: storageName(name, ref.kind),
        ref,
        settings: generation.storage,
        nodes: storageNodes(name, generation),
        storage,
        images,
        timeout: timeouts.storage,
        secretsOf,
        oap: {
          profile: oapProfile(generation.behavesLike, generation.version),
          image,
          images,
          security: generation.oap,
          storageNamespace: storageNamespace(name, generation),
        },
      },
      { parent: this, dependsOn },
    );
  }
}
