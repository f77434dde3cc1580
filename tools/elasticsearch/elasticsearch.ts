import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jarsOf, type ElasticsearchRelease } from "../jvm/jars";
import { Jvm, smallJvm } from "../jvm/jvm";
import { freePort } from "../ports";

export { whyNoJava as whyNoElasticsearch } from "../jvm/jars";

/**
 * A real Elasticsearch with one node that ends with this process. It has no x-pack, so no users, TLS or lifecycle
 * policies.
 */
export interface RunningElasticsearch {
  readonly url: string;
  readonly port: number;
  /** Its `path.repo`: snapshot repositories of type `fs` with a relative location are in this folder. */
  readonly repositories: string;
  /** Ends it and removes its data, and the folder of its repositories if that is its own. */
  stop(): Promise<void>;
}

export interface ElasticsearchOptions {
  readonly release: ElasticsearchRelease;
  /** Address to listen on. Defaults to 127.0.0.1. */
  readonly host?: string;
  /** Folder for snapshot repositories, if shared with another node. Defaults to one of its own. */
  readonly repositories?: string;
}

const flags = [
  "-Xmx512m",
  ...smallJvm,
  "-Dio.netty.noUnsafe=true",
  // These releases are older than the JDK's strong encapsulation.
  ...["java.lang", "java.io", "java.nio", "sun.nio.ch"].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
];

/**
 * Starts one and returns it when it answers.
 *
 * @throws Error with the end of its log when it does not start.
 */
export async function startElasticsearch(options: ElasticsearchOptions): Promise<RunningElasticsearch> {
  const { release, host = "127.0.0.1" } = options;
  const jars = await jarsOf(`elasticsearch-${release}`);
  const folder = mkdtempSync(join(tmpdir(), `elasticsearch-${release}-`));
  const repositories = options.repositories ?? join(folder, "repositories");
  const port = await freePort();
  const settings = {
    "network.host": host,
    "http.port": String(port),
    "transport.port": String(await freePort()),
    "path.repo": repositories,
    "cluster.routing.allocation.disk.threshold_enabled": "false",
  };
  const jvm = new Jvm(
    [
      ...flags,
      "-cp",
      join(jars, "*"),
      join(__dirname, "Node.java"),
      join(folder, "data"),
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ],
    { name: `Elasticsearch ${release}`, log: join(folder, "log") },
  );
  const url = `http://${host}:${port}`;
  const stop = async (): Promise<void> => {
    await jvm.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  await jvm
    .started(async () => (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`)).ok)
    .catch(async (error: unknown) => {
      await stop();
      throw error;
    });
  return { url, port, repositories, stop };
}
