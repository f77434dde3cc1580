import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

import { jarsOf, whyNoJava, type OapRelease } from "../jvm/jars";
import { Jvm, smallJvm } from "../jvm/jvm";
import { freePort } from "../ports";
import { classes, starter } from "./classes";
import { configFolder, missingConfigs, oapEnv } from "./config";

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
  /** Defaults to H2, in its memory. */
  readonly elasticsearch?: {
    /** `host:port`. */
    readonly address: string;
    /** `SW_NAMESPACE`: the prefix of its indices. */
    readonly indexPrefix: string;
  };
}

const host = "127.0.0.1";
const generateConfig = join(__dirname, "config-6", "application.sh");

/** What the image of 6.5.0 does when it starts: it writes its own application.yml, and has a main class. */
async function generated(folder: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(generateConfig, { env });
  await writeFile(join(folder, "application.yml"), stdout);
  return [folder, await starter()];
}

/**
 * Starts one and returns it when it answers.
 *
 * @throws Error with the end of its log when it does not start.
 */
export async function startOap({ release, elasticsearch }: OapOptions): Promise<RunningOap> {
  const [jars, leash] = await Promise.all([jarsOf(`oap-${release}`), classes()]);
  const folder = mkdtempSync(join(tmpdir(), `oap-${release}-`));
  const [restPort, grpcPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    ...oapEnv,
    SW_CORE_REST_HOST: host,
    SW_CORE_REST_PORT: String(restPort),
    SW_CORE_GRPC_HOST: host,
    SW_CORE_GRPC_PORT: String(grpcPort),
    ...(elasticsearch === undefined
      ? { SW_STORAGE: "h2" }
      : {
          SW_STORAGE: "elasticsearch",
          SW_STORAGE_ES_CLUSTER_NODES: elasticsearch.address,
          SW_NAMESPACE: elasticsearch.indexPrefix,
        }),
    SW_HEALTH_CHECKER: "default",
    SW_TELEMETRY: "none",
    SW_RECEIVER_BUFFER_PATH: join(folder, "traces"),
    SW_SERVICE_MESH_BUFFER_PATH: join(folder, "mesh"),
  };
  const old = release === "6.5.0";
  const classPath = [
    join(__dirname, "logging"),
    ...(old ? await generated(folder, env) : []),
    join(configFolder(), `oap-${release}`),
    join(jars, "*"),
    leash,
  ];
  const jvm = new Jvm(
    [
      "-Xmx640m",
      ...smallJvm,
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "-cp",
      classPath.join(delimiter),
      "Leash",
      old ? "Starter" : "org.apache.skywalking.oap.server.starter.OAPServerStartUp",
    ],
    { name: `OAP ${release}`, log: join(folder, "log"), env },
  );
  const stop = async (): Promise<void> => {
    await jvm.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const healthy = async (): Promise<boolean> => {
    const answer = await fetch(`http://${host}:${restPort}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // 6.5.0 knows no health, and answers once it is ready.
      body: JSON.stringify({ query: old ? "{ version }" : "{ checkHealth { score } }" }),
    });
    const { data } = (await answer.json()) as { data?: { version?: string; checkHealth?: { score: number } } };
    return data?.version !== undefined || data?.checkHealth?.score === 0;
  };
  await jvm.started(healthy).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { restPort, grpcPort, stop };
}
