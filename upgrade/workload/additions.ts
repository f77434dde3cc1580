/** Name of the volume and the init container of an upgraded agent. */
export const agentVolume = "skywalking-canary-agent";

/** Name of the volume with the certificate authority that agents are to trust. */
export const authorityVolume = "skywalking-canary-ca";

/** The volumes that the program itself brings into a workload. */
export const podVolumes: ReadonlySet<string> = new Set([agentVolume, authorityVolume]);

/** Where the new agent lies when the carrier's own value attaches it. */
export const agentMountPath = "/skywalking-canary";

/** Where the certificate authority lies. */
export const authorityMountPath = "/skywalking-canary-ca";
export const authorityFile = "ca.crt";

/** Variable from which other values take the token, where they cannot have it as a Secret themselves. */
export const tokenVariable = "SKYWALKING_CANARY_TOKEN";
export const tokenKey = "token";

/** Secret with the token of a generation's agents, in the Kubernetes namespace of each service. */
export function tokenSecret(generation: string): string {
  return `skywalking-canary-${generation}-token`;
}

/** ConfigMap with the certificate authority of a generation, in the Kubernetes namespace of each service. */
export function authorityConfigMap(generation: string): string {
  return `skywalking-canary-${generation}-ca`;
}
