import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { jarsOf, whyNoJava } from "../jvm/jars";
import { freePort, Jvm, smallJvm } from "../jvm/jvm";
import { classes } from "./classes";
import { configFolder, missingConfigs, oapEnv } from "./config";

export type OapRelease = "9.6.0" | "10.1.0";

/** Why no real OAP can be started here, as a clause; undefined when one can. */
export function whyNoOap(): string | undefined {
  return whyNoJava() ?? missingConfigs();
}

/** A real OAP with one node, on loopback, that ends with this process. */
export interface RunningOap {
  /** For GraphQL. */
  readonly restPort: number;
  /** For agents. */
  readonly grpcPort: number;
  stop(): Promise<void>;
}

export interface OapOptions {
  readonly release: OapRelease;
  /** `host:port` of an Elasticsearch. */
  readonly elasticsearch: string;
  /** `SW_NAMESPACE`: the prefix of its indices. */
  readonly indexPrefix: string;
}

const host = "127.0.0.1";

/**
 * Starts one and returns it when it answers.
 *
 * @throws Error with the end of its log when it does not start.
 */
export async function startOap({ release, elasticsearch, indexPrefix }: OapOptions): Promise<RunningOap> {
  const [jars, leash] = await Promise.all([jarsOf(`oap-${release}`), classes()]);
  const folder = mkdtempSync(join(tmpdir(), `oap-${release}-`));
  const [restPort, grpcPort] = [await freePort(host), await freePort(host)];
  const classPath = [join(__dirname, "logging"), join(configFolder(), `oap-${release}`), join(jars, "*"), leash];
  const jvm = new Jvm(
    [
      "-Xmx640m",
      ...smallJvm,
      "-cp",
      classPath.join(delimiter),
      "Leash",
      "org.apache.skywalking.oap.server.starter.OAPServerStartUp",
    ],
    {
      name: `OAP ${release}`,
      log: join(folder, "log"),
      env: {
        ...process.env,
        ...oapEnv,
        SW_CORE_REST_HOST: host,
        SW_CORE_REST_PORT: String(restPort),
        SW_CORE_GRPC_HOST: host,
        SW_CORE_GRPC_PORT: String(grpcPort),
        SW_STORAGE: "elasticsearch",
        SW_STORAGE_ES_CLUSTER_NODES: elasticsearch,
        SW_NAMESPACE: indexPrefix,
        SW_HEALTH_CHECKER: "default",
        SW_TELEMETRY: "none",
      },
    },
  );
  const stop = async (): Promise<void> => {
    await jvm.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const healthy = async (): Promise<boolean> => {
    const answer = await fetch(`http://${host}:${restPort}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "{ checkHealth { score } }" }),
    });
    const { data } = (await answer.json()) as { data?: { checkHealth?: { score: number } } };
    return data?.checkHealth?.score === 0;
  };
  await jvm.started(healthy).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { restPort, grpcPort, stop };
}
