import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

import { parse, stringify } from "yaml";

import { startCluster, type EmbeddedCluster } from "../../tools/cluster/cluster";
import { writeKwokConfig } from "../../tools/recorded-oap/behind-pods";
import { RecordedOap } from "../../tools/recorded-oap/server";
import { CommandError, run } from "../../commands/stack/run";
import { ensureTools } from "../../tools/toolchain/ensure";
import type { Answer } from "./forwarder";

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-forward-"));
let oap: RecordedOap;
let cluster: EmbeddedCluster;
let kubectlPath: string;

beforeAll(async () => {
  oap = await RecordedOap.start({ release: "9.7.0" });
  const forwards = join(folder, "kwok.yaml");
  writeKwokConfig(forwards, [{ namespace: "default", port: oap.port }]);
  kubectlPath = (await ensureTools(["kubectl"])).kubectl;
  cluster = await startCluster({ kwokConfigs: [forwards] });
  await kubectl("create", "deployment", "oap", "--image=oap", "--replicas=2");
  await kubectl("wait", "--for=condition=Available", "deployment/oap", "--timeout=60s");
});

afterAll(async () => {
  for (const child of Forwarder.all) child.kill("SIGKILL");
  await cluster.stop();
  await oap.stop();
  rmSync(folder, { recursive: true });
});

async function kubectl(...args: readonly string[]): Promise<string> {
  const done = await run(kubectlPath, args, { env: { ...process.env, KUBECONFIG: cluster.kubeconfig } });
  if (done.code !== 0) throw new CommandError(`kubectl ${args.join(" ")}`, done);
  return done.output;
}

const pods = async (): Promise<string[]> =>
  (await kubectl("get", "pods", "-l", "app=oap", "-o", "name")).trim().split("\n");

/** The process that forwards, and what it is asked. */
class Forwarder {
  /** What a failed test leaves would keep Jest waiting. */
  static readonly all = new Set<ChildProcess>();
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(kubeconfig: string, app: string) {
    const program = join(__dirname, "forwarder.ts");
    this.child = spawn(process.execPath, ["--require", "./register.cjs", program, kubeconfig, "default", app], {
      cwd: join(__dirname, "..", ".."),
      env: process.env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    Forwarder.all.add(this.child);
    const { stdout } = this.child;
    if (stdout === null) throw new TypeError("the forwarder has no output");
    const reader: Interface = createInterface({ input: stdout });
    this.lines = reader[Symbol.asyncIterator]();
  }

  async ask(): Promise<Answer> {
    this.child.stdin?.write("\n");
    const { value } = (await this.lines.next()) as { value: string };
    return JSON.parse(value) as Answer;
  }

  /** Its exit code. It is left to end by itself. */
  async close(): Promise<unknown> {
    const ended = once(this.child, "exit");
    this.child.stdin?.end();
    const [code] = (await ended) as [number | null];
    return code;
  }
}

const works: Answer = { status: 404, failure: undefined };

test("leads to a ready pod, to another one when that goes away, and ends when it is closed", async () => {
  const forwarder = new Forwarder(cluster.kubeconfig, "oap");
  expect(await forwarder.ask()).toEqual(works);
  for (const pod of await pods()) {
    await kubectl("delete", pod, "--wait=true");
    await kubectl("wait", "--for=condition=Available", "deployment/oap", "--timeout=60s");
    expect(await forwarder.ask()).toEqual(works);
  }
  expect(await forwarder.close()).toBe(0);
});

test("says that no pod is ready, and how to look", async () => {
  const forwarder = new Forwarder(cluster.kubeconfig, "nothing");
  const { status, failure } = await forwarder.ask();
  expect(status).toBeUndefined();
  expect(failure).toMatch(
    /^no pod with app=nothing is ready in default -> try `kubectl --context \S+ -n default get pods`$/,
  );
  expect(await forwarder.close()).toBe(0);
});

test("says that what stands behind the pod does not answer, and works again when it does", async () => {
  const forwarder = new Forwarder(cluster.kubeconfig, "oap");
  oap.misbehaviour = "cuts";
  expect((await forwarder.ask()).status).toBe(200);
  oap.misbehaviour = undefined;
  expect(await forwarder.ask()).toEqual(works);
  expect(await forwarder.close()).toBe(0);
});

describe("a user without the right", () => {
  const asUser = async (user: string, ...rights: readonly string[]): Promise<string> => {
    await kubectl("create", "serviceaccount", user);
    for (const [index, right] of rights.entries()) {
      const [verb = "", resource = ""] = right.split(" ");
      const name = `${user}-${String(index)}`;
      await kubectl("create", "role", name, `--verb=${verb}`, `--resource=${resource}`);
      await kubectl("create", "rolebinding", name, `--role=${name}`, `--serviceaccount=default:${user}`);
    }
    const token = (await kubectl("create", "token", user)).trim();
    const config = parse(readFileSync(cluster.kubeconfig, "utf8")) as { users: { name: string; user: unknown }[] };
    const path = join(folder, user);
    const [owner] = config.users;
    writeFileSync(path, stringify({ ...config, users: [{ name: owner?.name, user: { token } }] }));
    return path;
  };

  test.each([
    ["to list pods", "nobody", [], "not allowed to list the pods of default (403)", "`list` on pods"],
    [
      "to forward ports",
      "reader",
      ["list pods"],
      "not allowed to forward a port to a pod of default (403)",
      "`get, create` on pods/portforward",
    ],
  ])("%s is told so, with what is needed", async (_, user, rights, what, needs) => {
    const forwarder = new Forwarder(await asUser(user, ...rights), "oap");
    const { status, failure } = await forwarder.ask();
    expect(status).toBeUndefined();
    expect(failure).toContain(`${what} -> the kubeconfig's user needs ${needs} there; try \`kubectl --context`);
    expect(await forwarder.close()).toBe(0);
  });

  test("with both rights, all is well", async () => {
    const forwarder = new Forwarder(await asUser("asker", "list pods", "get,create pods/portforward"), "oap");
    expect(await forwarder.ask()).toEqual(works);
    expect(await forwarder.close()).toBe(0);
  });
});
