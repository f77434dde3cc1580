import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { OapProfile } from "../skywalking/oap";
import { oapName, restPort } from "../upgrade/backend";
import { containerSecurity, labelsOf, podSecurity, selectorOf, spread, unawaited } from "./pod";

export interface UiArgs {
  readonly generation: string;
  /** Kubernetes namespace. */
  readonly namespace: string;
  /** Of the OAP: a UI works with the OAP of its own release only. */
  readonly profile: OapProfile;
  readonly replicas: number;
  readonly image: string;
  /** Until a rollout has finished: `15m`. */
  readonly timeout: string;
}

const port = 8080;

/** The UI of one generation, with a Service on port 80. */
export class Ui extends pulumi.ComponentResource {
  constructor(name: string, args: UiArgs, options: pulumi.ComponentResourceOptions) {
    super("skywalking-canary:index:Ui", name, {}, options);
    const { generation, namespace, profile } = args;
    const labels = labelsOf(generation, "ui", profile.release);
    const selector = selectorOf(generation, "ui");
    const metadata = { name: `ui-${generation}`, namespace, labels };
    new apps.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: args.replicas,
          selector: { matchLabels: selector },
          template: {
            metadata: { labels },
            spec: {
              automountServiceAccountToken: false,
              securityContext: podSecurity,
              topologySpreadConstraints: spread(selector),
              containers: [
                {
                  name: "ui",
                  image: args.image,
                  securityContext: containerSecurity,
                  env: Object.entries(profile.uiEnv(oapName(generation), restPort)).map(([name, value]) => ({
                    name,
                    value,
                  })),
                  ports: [{ name: "http", containerPort: port }],
                  resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "512Mi" } },
                  readinessProbe: { tcpSocket: { port: "http" }, periodSeconds: 5 },
                },
              ],
            },
          },
        },
      },
      { parent: this, customTimeouts: { create: args.timeout, update: args.timeout } },
    );
    new core.Service(
      name,
      {
        metadata: unawaited(metadata),
        spec: { selector, ports: [{ name: "http", port: 80, targetPort: "http" }] },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
