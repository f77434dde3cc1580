import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { elasticsearchJars, type ElasticsearchRelease } from "./artifacts";

export { whyNoElasticsearch } from "./artifacts";

/** A real Elasticsearch, of one node, that ends with this process. */
export interface RunningElasticsearch {
  readonly url: string;
  readonly port: number;
  /** Folder of its `path.repo`: a snapshot repository of type `fs` with a relative location lies in it. */
  readonly repositories: string;
  /** Ends it and removes its data; the folder of its repositories too, if it is its own. */
  stop(): Promise<void>;
}

export interface ElasticsearchOptions {
  readonly release: ElasticsearchRelease;
  /** Address that it listens on. Defaults to 127.0.0.1. */
  readonly host?: string;
  /** Folder for snapshot repositories, shared with another one. Defaults to one of its own. */
  readonly repositories?: string;
}

/** Half of what a JVM takes by itself is for speed that no test needs. */
const flags = [
  "-Xmx512m",
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-Dio.netty.noUnsafe=true",
  "-Dlog4j2.disable.jmx=true",
  // These releases are older than the JDK's strong encapsulation.
  ...["java.lang", "java.io", "java.nio", "sun.nio.ch"].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
];

/** Longest start that is waited for; 5 s are usual. */
const startLimit = 180_000;

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // A TCP server that listens has one.
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts one and returns it when it answers.
 *
 * @throws Error with the end of its log when it does not start.
 */
export async function startElasticsearch(options: ElasticsearchOptions): Promise<RunningElasticsearch> {
  const { release, host = "127.0.0.1" } = options;
  const jars = await elasticsearchJars(release);
  const folder = mkdtempSync(join(tmpdir(), `elasticsearch-${release}-`));
  const repositories = options.repositories ?? join(folder, "repositories");
  const port = await freePort(host);
  const settings = {
    "network.host": host,
    "http.port": String(port),
    "transport.port": String(await freePort(host)),
    "path.repo": repositories,
    "cluster.routing.allocation.disk.threshold_enabled": "false",
  };
  const log = openSync(join(folder, "log"), "a");
  const child = spawn(
    "java",
    [
      ...flags,
      "-cp",
      join(jars, "*"),
      join(__dirname, "Node.java"),
      join(folder, "data"),
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ],
    { stdio: ["pipe", log, log] },
  );
  closeSync(log);
  const url = `http://${host}:${port}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const deadline = Date.now() + startLimit;
  for (;;) {
    const answers = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return { url, port, repositories, stop };
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      const end = readFileSync(join(folder, "log"), "utf8").split("\n").slice(-15).join("\n");
      await stop();
      throw new Error(`Elasticsearch ${release} did not start:\n${end}`);
    }
    await sleep(200);
  }
}
