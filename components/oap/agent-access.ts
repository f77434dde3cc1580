import type { types } from "@pulumi/kubernetes";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { agentsPort, oapName } from "../../upgrade/backend";
import { labelsOf } from "../pod";
import type { OapArgs } from "./args";

type EnvVar = types.input.core.v1.EnvVar;

const tokenSecretName = ({ generation }: OapArgs): string => `${oapName(generation)}-token`;
const key = "token";
const tlsDirectory = "/skywalking/agents-tls";

/** The Secret with the token that agents must send, if they must. */
export function createTokenSecret(name: string, args: OapArgs, parent: pulumi.Resource): core.Secret[] {
  const { generation, namespace, profile, token } = args;
  if (token === undefined) return [];
  return [
    new core.Secret(
      `${name}-token`,
      {
        metadata: { name: tokenSecretName(args), namespace, labels: labelsOf(generation, "oap", profile.release) },
        stringData: { [key]: pulumi.secret(token) },
      },
      // A token that is removed from the config removes the object, which protection would forbid.
      { parent, protect: false },
    ),
  ];
}

/** Tells the servers which agents to accept, and on which port. */
export function agentAccessEnv(args: OapArgs): EnvVar[] {
  const { profile, token, tlsSecret } = args;
  const { token: tokenVariable, receiver } = profile.env;
  return [
    ...(token === undefined || tokenVariable === undefined
      ? []
      : [{ name: tokenVariable, valueFrom: { secretKeyRef: { name: tokenSecretName(args), key } } }]),
    ...(tlsSecret === undefined || receiver === undefined
      ? []
      : [
          { name: receiver.port, value: String(agentsPort) },
          { name: receiver.enabled, value: "true" },
          { name: receiver.keyPath, value: `${tlsDirectory}/tls.key` },
          { name: receiver.certChainPath, value: `${tlsDirectory}/tls.crt` },
        ]),
  ];
}

/** The certificate with which agents are served. */
export function agentAccessFiles({ tlsSecret }: OapArgs): {
  readonly volumes: types.input.core.v1.Volume[];
  readonly mounts: types.input.core.v1.VolumeMount[];
} {
  return tlsSecret === undefined
    ? { volumes: [], mounts: [] }
    : {
        volumes: [{ name: "agents-tls", secret: { secretName: tlsSecret } }],
        mounts: [{ name: "agents-tls", mountPath: tlsDirectory, readOnly: true }],
      };
}
