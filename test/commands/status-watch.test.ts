import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { stringify } from "yaml";

import { RecordedOap } from "../../tools/recorded-oap/server";
import { LocalStack } from "../../tools/stack/local-stack";
import { ensureTools, pulumiEnv } from "../../tools/toolchain/ensure";

jest.setTimeout(120_000);

const checkout = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-watch-"));

/** The lists of an API server with one workload in it, whose pod points where its image says. */
const template = { spec: { containers: [{ name: "web", image: "registry.example.com/shop/web:1.0.0" }] } };
const metadata = { name: "web", namespace: "shop", labels: { app: "web" }, generation: 1 };
const lists: Readonly<Record<string, readonly unknown[]>> = {
  deployments: [
    {
      metadata,
      spec: { replicas: 1, selector: { matchLabels: { app: "web" } }, template },
      status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
    },
  ],
  pods: [{ metadata, spec: template.spec, status: { conditions: [{ type: "Ready", status: "True" }] } }],
};

/** Of the last update; the program itself does not have to run for it. */
const state = {
  version: 3,
  deployment: {
    manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
    resources: [
      {
        urn: "urn:pulumi:staging::skywalking-canary::pulumi:pulumi:Stack::skywalking-canary-staging",
        type: "pulumi:pulumi:Stack",
        custom: false,
        outputs: { stage: "baseline" },
      },
    ],
  },
};

let api: Server;
let v6: RecordedOap;
let v9: RecordedOap;
let stack: LocalStack;

beforeAll(async () => {
  const tools = await ensureTools();
  v6 = await RecordedOap.start({ release: "6.6.0" });
  v9 = await RecordedOap.start({ release: "9.7.0" });
  api = createServer(({ url = "" }, response) => {
    const plural = new URL(url, "http://api").pathname.split("/").at(-1) ?? "";
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ items: lists[plural] ?? [] }));
  });
  await listen(0);
  const kubeconfig = join(folder, "kubeconfig");
  // The client takes HTTP for a mistake unless it is told to trust anything.
  const cluster = { server: `http://127.0.0.1:${String(portOf(api))}`, "insecure-skip-tls-verify": true };
  writeFileSync(
    kubeconfig,
    stringify({
      "current-context": "local",
      clusters: [{ name: "local", cluster }],
      users: [{ name: "local", user: {} }],
      contexts: [{ name: "local", context: { cluster: "local", user: "local" } }],
    }),
  );
  const adopted = (name: string, version: string, { url }: RecordedOap) => ({
    managed: false,
    version,
    address: `oap-${name}:11800`,
    agentNamespace: name,
    restUrl: url,
    agents: { java: { release: "9.3.0" } },
  });
  const config = {
    stage: "baseline",
    from: "v6",
    to: "v9",
    origin: "v6",
    generations: { v6: adopted("v6", "6.6.0", v6), v9: adopted("v9", "9.7.0", v9) },
    services: { web: { namespace: "shop", agent: { language: "java", release: "6.6.0" } } },
  };
  const stackFile = join(folder, "Pulumi.staging.yaml");
  const keys = Object.entries(config).map(([key, value]) => [`skywalking-canary:${key}`, value]);
  writeFileSync(stackFile, stringify({ config: Object.fromEntries(keys) as unknown }));
  stack = await LocalStack.create({ kubeconfig, env: pulumiEnv(tools), stackFile });
  const stateFile = join(folder, "state.json");
  writeFileSync(stateFile, JSON.stringify(state));
  await stack.succeed(["stack", "import", "--file", stateFile]);
});

afterAll(async () => {
  stack.dispose();
  api.close();
  await Promise.all([v6.stop(), v9.stop()]);
  rmSync(folder, { recursive: true });
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function listen(port: number): Promise<void> {
  api.listen(port, "127.0.0.1");
  await once(api, "listening");
}

/** What a command prints, read from one sight to the next. */
class Printed {
  private readonly chunks: AsyncIterator<string>;
  private unread = "";

  /** @param complaints - what it printed elsewhere, for the error */
  constructor(
    stream: Readable,
    private readonly complaints?: Printed,
  ) {
    this.chunks = stream.setEncoding("utf8")[Symbol.asyncIterator]() as AsyncIterator<string>;
  }

  /** Waits until it prints that, after what has been seen before. */
  async next(sight: RegExp): Promise<string> {
    for (;;) {
      const found = sight.exec(this.unread);
      if (found !== null) {
        this.unread = this.unread.slice(found.index + found[0].length);
        return found[0];
      }
      if (await this.more()) continue;
      const complaints = await this.complaints?.rest();
      throw new Error(`it ended without ${String(sight)}: ${this.unread}${complaints ?? ""}`);
    }
  }

  /** What is left when it has ended. */
  async rest(): Promise<string> {
    while (await this.more());
    return this.unread;
  }

  private async more(): Promise<boolean> {
    const chunk = await this.chunks.next();
    if (chunk.done !== true) this.unread += chunk.value;
    return chunk.done !== true;
  }
}

interface Watch {
  readonly child: ChildProcess;
  readonly tables: Printed;
  readonly messages: Printed;
  /** Exit code and signal. */
  readonly ended: Promise<unknown[]>;
}

function watch(cwd: string): Watch {
  const args = ["--import", "tsx", join(checkout, "commands", "status"), "--cwd", cwd, "--watch", "1"];
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    env: stack.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const messages = new Printed(child.stderr);
  return { child, tables: new Printed(child.stdout, messages), messages, ended: once(child, "close") };
}

test("shows what has changed, goes on after a reading that failed, and ends at Ctrl-C by the last one", async () => {
  v6.reports("web", "web-1");
  v6.reports("mailer", "mailer-1");
  const { child, tables, messages, ended } = watch(stack.directory);
  try {
    expect(await tables.next(/^staging, strategy canary: stage baseline\n[^]*?disagrees:\n.*\n/)).toMatch(
      /web +v6 +v6 1\/1 by its image +v6 1\n[^]*\n1 thing disagrees:\n {2}- mailer: reports to v6 \(1 live\)/,
    );

    v6.reports("mailer", "mailer-1", 10);
    await tables.next(/\nConfig, pods and backends agree\.\n/);

    const port = portOf(api);
    api.close();
    api.closeAllConnections();
    expect(await messages.next(/.*\n/)).toMatch(
      /^Could not read the status at \S+, next try in 1 s: Cannot list the .*ECONNREFUSED.* -> try `kubectl --context local /,
    );
    v6.reports("mailer", "mailer-1");
    await listen(port);
    await tables.next(/\n {2}- mailer: reports to v6 \(1 live\)/);
  } finally {
    child.kill("SIGINT");
  }
  expect(await ended).toEqual([2, null]);
  expect((await messages.rest()).replaceAll(/^Could not read the status at .*\n/gm, "")).toBe("");
});

test("ends when not even the first reading succeeds", async () => {
  const { messages, ended } = watch(folder);
  expect(await messages.next(/.*\n/)).toContain(`There is no Pulumi.yaml in ${folder}`);
  expect(await ended).toEqual([1, null]);
});
