import { IndexTemplate } from "@pulumi/elasticsearch/indexTemplate";
import { OpendistroRole } from "@pulumi/elasticsearch/opendistroRole";
import { OpendistroRolesMapping } from "@pulumi/elasticsearch/opendistroRolesMapping";
import { OpendistroUser } from "@pulumi/elasticsearch/opendistroUser";
import { Provider, type ProviderArgs } from "@pulumi/elasticsearch/provider";
import { SnapshotRepository } from "@pulumi/elasticsearch/snapshotRepository";
import { XpackRole } from "@pulumi/elasticsearch/xpackRole";
import { XpackSnapshotLifecyclePolicy } from "@pulumi/elasticsearch/xpackSnapshotLifecyclePolicy";
import { XpackUser } from "@pulumi/elasticsearch/xpackUser";
import * as pulumi from "@pulumi/pulumi";

import { indexPattern, type GrantedUser, type StorageAdmin } from "../../upgrade/storage/elasticsearch-objects";
import type { ElasticsearchSecrets } from "./elasticsearch/secrets";

/*
 * Loaded only where a stack asks for it: the SDK takes its time, and with it the engine asks for the plugin.
 */

export interface AdministrationOptions {
  readonly parent: pulumi.Resource;
  /** What must have happened before the Elasticsearch is asked anything. */
  readonly dependsOn: pulumi.Input<pulumi.Input<pulumi.Resource>[]>;
  /** With it goes everything that is in the Elasticsearch, which need not be deleted there, nor could it be. */
  readonly deletedWith: pulumi.Resource | undefined;
}

/**
 * What belongs to an Elasticsearch and not to the OAP that writes into it. Returns what an OAP needs there.
 *
 * @param secrets - who administers an Elasticsearch of the program's own, if it has security
 *
 * Nothing of it is protected: what the OAP needs cannot be deleted while the OAP, which depends on it, is protected.
 */
export function administer(
  name: string,
  admin: StorageAdmin,
  secrets: pulumi.Output<ElasticsearchSecrets> | undefined,
  options: AdministrationOptions,
): pulumi.Resource[] {
  const { generation, reach, prefix, version } = admin;
  const { parent, dependsOn, deletedWith } = options;
  const provider = new Provider(
    `${name}-admin`,
    {
      url: reach.url,
      // With it, the provider need not ask for it before everything else.
      elasticsearchVersion: version,
      sniff: false,
      healthcheck: false,
      ...credentialsOf(reach, secrets),
    },
    { parent, protect: false },
  );
  const own: pulumi.CustomResourceOptions = {
    parent,
    dependsOn,
    provider,
    protect: false,
    // Names are fixed, so the new one cannot be made before the old one has gone.
    deleteBeforeReplace: true,
    ...(deletedWith === undefined ? {} : { deletedWith }),
  };
  const needed: pulumi.Resource[] = [];
  if (admin.indexTemplate !== undefined) {
    const body = JSON.stringify(admin.indexTemplate);
    needed.push(new IndexTemplate(`${name}-indices`, { name: `${prefix}defaults`, body }, own));
  }
  if (admin.grantedUser !== undefined) {
    needed.push(...grant(`${name}-user`, `${generation}-oap`, prefix, admin.grantedUser, own));
  }
  const { repository, lifecycle } = admin;
  if (repository === undefined) return needed;
  const registered =
    repository.registered === undefined
      ? []
      : [
          new SnapshotRepository(
            `${name}-snapshots`,
            { name: repository.name, ...repository.registered },
            // What is in it is wanted after the generation has gone, and perhaps by the other one.
            { ...own, retainOnDelete: true },
          ),
        ];
  if (lifecycle !== undefined) {
    new XpackSnapshotLifecyclePolicy(
      `${name}-snapshot-lifecycle`,
      { name: `${prefix}snapshots`, body: JSON.stringify(lifecycle) },
      { ...own, dependsOn: pulumi.output(dependsOn).apply((before) => [...before, ...registered]) },
    );
  }
  return needed;
}

/** Who asks, and whom it believes that it asks. */
function credentialsOf(
  reach: StorageAdmin["reach"],
  secrets: pulumi.Output<ElasticsearchSecrets> | undefined,
): Partial<ProviderArgs> {
  if (secrets !== undefined) {
    // The provider takes a certificate where its argument speaks of a file.
    return { username: "elastic", password: secrets.password, cacertFile: secrets.ca };
  }
  if (reach.kind === "forward") return {};
  const { user, password, ca } = reach;
  return {
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password: pulumi.secret(password) }),
    ...(ca === undefined ? {} : { cacertFile: ca }),
  };
}

/** Index templates belong to the whole cluster: no distribution can limit the right to write them to a prefix. */
function grant(
  name: string,
  role: string,
  prefix: string,
  { security, user, password }: GrantedUser,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const indices = indexPattern(prefix);
  const secret = pulumi.secret(password);
  switch (security) {
    case "x-pack": {
      const granted = new XpackRole(
        `${name}-role`,
        {
          roleName: role,
          clusters: ["manage_index_templates", "monitor"],
          indices: [{ names: [indices], privileges: ["all"] }],
        },
        options,
      );
      return [granted, new XpackUser(name, { username: user, password: secret, roles: [granted.roleName] }, options)];
    }
    case "open-distro": {
      const granted = new OpendistroRole(
        `${name}-role`,
        {
          roleName: role,
          clusterPermissions: [
            "cluster_composite_ops",
            "cluster_monitor",
            "indices:admin/index_template/*",
            "indices:admin/template/*",
          ],
          indexPermissions: [{ indexPatterns: [indices], allowedActions: ["indices_all"] }],
        },
        options,
      );
      const created = new OpendistroUser(name, { username: user, password: secret }, options);
      return [
        granted,
        created,
        new OpendistroRolesMapping(
          `${name}-mapping`,
          { roleName: granted.roleName, users: [created.username] },
          options,
        ),
      ];
    }
  }
}

export type Administer = typeof administer;
