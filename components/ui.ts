import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { OapProfile } from "../skywalking/oap";
import { oapName, restPort } from "../upgrade/backend";
import type { Images } from "../upgrade/schema/pod";
import type { UiSettings } from "../upgrade/schema/ui";
import { definedFields } from "./defined-fields";
import { podMetadata, spreadOut } from "./scheduling";
import { containerSecurityOf, labelsOf, podSecurityOf, pullPolicy, pullSecrets, resources, selectorOf } from "./pod";
import { createIngress, exposedMetadata, reached, type Metadata } from "./service";

export interface UiArgs {
  readonly generation: string;
  /** Kubernetes namespace. */
  readonly namespace: string;
  /** Of the OAP: a UI works with the OAP of its own release only. */
  readonly profile: OapProfile;
  /** Otherwise it has 0 replicas, and every object is kept. */
  readonly running: boolean;
  readonly settings: UiSettings;
  readonly images: Images;
  readonly image: string;
  /** Until a rollout has finished: `15m`. */
  readonly timeout: string;
}

/** Of the image's server, in every release. */
const containerPort = 8080;

/** The UI of one generation, its Service, and an Ingress where one is asked for. */
export class Ui extends pulumi.ComponentResource {
  constructor(name: string, args: UiArgs, options: pulumi.ComponentResourceOptions) {
    super("skywalking-canary:index:Ui", name, {}, options);
    const { generation, namespace, profile, settings } = args;
    const metadata = { name: `ui-${generation}`, namespace, labels: labelsOf(generation, "ui", profile.release) };
    this.createServer(name, metadata, args);
    this.createService(name, metadata, args);
    if (settings.ingress !== undefined) createIngress(name, metadata, "http", settings.ingress, this);
    this.registerOutputs({});
  }

  private createServer(name: string, metadata: Metadata, args: UiArgs): void {
    const { generation, profile, settings, images, running, timeout } = args;
    const selector = selectorOf(generation, "ui");
    const env = { ...profile.uiEnv(oapName(generation), restPort), ...settings.env };
    new apps.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: running ? settings.replicas : 0,
          selector: { matchLabels: selector },
          template: {
            metadata: podMetadata(settings, metadata.labels),
            spec: {
              automountServiceAccountToken: false,
              securityContext: podSecurityOf(settings),
              ...pullSecrets(images),
              ...spreadOut(settings, selector),
              containers: [
                {
                  name: "ui",
                  image: args.image,
                  ...pullPolicy(images),
                  securityContext: containerSecurityOf(settings),
                  env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
                  ports: [{ name: "http", containerPort }],
                  resources: resources(settings),
                  readinessProbe: {
                    tcpSocket: { port: "http" },
                    periodSeconds: 5,
                    ...definedFields(settings.readinessProbe ?? {}),
                  },
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
