import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { OapProfile } from "../skywalking/oap";
import { adminName, oapName, restPort, selectorOf } from "../upgrade/backend";
import type { Images } from "../upgrade/schema/pod";
import type { UiSettings } from "../upgrade/schema/ui";
import { checksum } from "./checksum";
import { definedFields } from "./defined-fields";
import { podMetadata, spreadOut } from "./scheduling";
import { containerSecurityOf, heapMebibytes, labelsOf, podSecurityOf, pullPolicy, pullSecrets, resources } from "./pod";
import { createIngress, exposedMetadata, reached, type Metadata } from "./service";

export interface UiArgs {
  readonly generation: string;
  /** Kubernetes namespace. */
  readonly namespace: string;
  /** Of the OAP, on which it depends which UI it is. */
  readonly profile: OapProfile;
  /** Otherwise it has 0 replicas, and every object is kept. */
  readonly running: boolean;
  readonly settings: UiSettings;
  readonly images: Images;
  readonly image: string;
  /** Until a rollout has finished: `15m`. */
  readonly timeout: string;
}

/** Of the Secret with who may sign in, and its variable. */
const usersKey = "users";
const usersVariable = "HORIZON_AUTH_LOCAL_USERS";

interface Users {
  readonly secret: core.Secret;
  readonly checksum: string;
}

/** The UI of one generation, its Service, and an Ingress where one is asked for. */
export class Ui extends pulumi.ComponentResource {
  constructor(name: string, args: UiArgs, options: pulumi.ComponentResourceOptions) {
    super("skywalking-canary:index:Ui", name, {}, options);
    const { generation, namespace, profile, settings } = args;
    const metadata = { name: `ui-${generation}`, namespace, labels: labelsOf(generation, "ui", profile.release) };
    const users = this.createUsers(name, metadata, args);
    this.createServer(name, metadata, args, users);
    this.createService(name, metadata, args);
    if (settings.ingress !== undefined) createIngress(name, metadata, "http", settings.ingress, this);
    this.registerOutputs({});
  }

  /** Who may sign in; undefined where the UI has no users. */
  private createUsers(name: string, metadata: Metadata, { profile, settings }: UiArgs): Users | undefined {
    if (settings.users === undefined || profile.ui.name !== "horizon") return undefined;
    const text = JSON.stringify(settings.users);
    const secret = new core.Secret(
      `${name}-users`,
      { metadata: { ...metadata, name: `${metadata.name}-users` }, stringData: { [usersKey]: pulumi.secret(text) } },
      // Users that are removed from the config remove the object, which protection would forbid.
      { parent: this, protect: false },
    );
    return { secret, checksum: checksum(text) };
  }

  private createServer(name: string, metadata: Metadata, args: UiArgs, users: Users | undefined): void {
    const { generation, profile, settings, images, running, timeout } = args;
    const selector = selectorOf(generation, "ui");
    const horizon = profile.ui.name === "horizon";
    const admin =
      profile.admin !== undefined && settings.admin
        ? `${adminName(generation)}:${String(profile.admin.port)}`
        : undefined;
    const env = {
      ...profile.uiEnv(`${oapName(generation)}:${String(restPort)}`, admin),
      // The image's own heap is larger than the memory limit by default.
      ...(horizon ? { NODE_OPTIONS: `--max-old-space-size=${String(heapMebibytes(settings.memory, 0.75))}` } : {}),
      ...settings.env,
    };
    new apps.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: running ? settings.replicas : 0,
          selector: { matchLabels: selector },
          template: {
            // It reads its users when it starts.
            metadata: podMetadata(
              settings,
              metadata.labels,
              users === undefined ? {} : { "skywalking-canary/users-checksum": users.checksum },
            ),
            spec: {
              automountServiceAccountToken: false,
              securityContext: podSecurityOf(settings),
              ...pullSecrets(images),
              ...spreadOut(settings, selector),
              ...(horizon ? { volumes: [{ name: "data", emptyDir: {} }] } : {}),
              containers: [
                {
                  name: "ui",
                  image: args.image,
                  ...pullPolicy(images),
                  securityContext: containerSecurityOf(settings),
                  env: [
                    ...Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
                    ...(users === undefined
                      ? []
                      : [
                          {
                            name: usersVariable,
                            valueFrom: { secretKeyRef: { name: users.secret.metadata.name, key: usersKey } },
                          },
                        ]),
                  ],
                  ports: [{ name: "http", containerPort: profile.ui.port }],
                  resources: resources(settings),
                  readinessProbe: {
                    ...(horizon
                      ? { httpGet: { path: "/api/auth/health", port: "http" } }
                      : { tcpSocket: { port: "http" } }),
                    periodSeconds: 5,
                    ...definedFields(settings.readinessProbe ?? {}),
                  },
                  ...(horizon ? { volumeMounts: [{ name: "data", mountPath: "/data" }] } : {}),
                },
              ],
            },
          },
        },
      },
      { parent: this, customTimeouts: { create: timeout, update: timeout } },
    );
  }

  private createService(name: string, metadata: Metadata, { generation, settings: { service } }: UiArgs): void {
    const port = {
      name: "http",
      port: service.port,
      targetPort: "http",
      ...definedFields({ nodePort: service.nodePort }),
    };
    new core.Service(
      name,
      {
        metadata: exposedMetadata(metadata, service),
        spec: { ...reached(service), selector: selectorOf(generation, "ui"), ports: [port] },
      },
      { parent: this },
    );
  }
}
