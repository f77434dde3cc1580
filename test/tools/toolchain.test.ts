import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { identify } from "../../tools/cluster/process-identity";
import { cacheKey } from "../../tools/toolchain/cache";
import { explain } from "../../tools/toolchain/failures";
import { resolveTool } from "../../tools/toolchain/resolve";
import { toolNames } from "../../tools/toolchain/tools";
import { eventually } from "../eventually";

const checkout = join(__dirname, "..", "..");

let folder: string;
let cache: string;
const environment = process.env;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolchain-test-"));
  cache = join(folder, "cache");
  process.env = { ...environment, XDG_CACHE_HOME: cache, PULUMI_HOME: join(folder, "no-pulumi-home") };
});
afterEach(() => {
  process.env = environment;
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** Puts a program on a PATH of its own. */
function program(name: string, script: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  return bin;
}

/** `npm run tools -- ARGS`, as a process whose PATH holds what the test put there and the system's own programs. */
function runTools(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", join(checkout, "tools", "toolchain", "index.ts"), ...args], {
    cwd: checkout,
    env: { ...process.env, PATH: join(folder, "bin"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  if (child.stdout === null || child.stderr === null) throw new Error("its output is not piped");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, stdout, stderr };
}

/** Files in the cache that are no lock. */
function cached(): string[] {
  const tools = join(cache, "skywalking-canary", "tools");
  if (!existsSync(tools)) return [];
  return readdirSync(tools, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

/** A Go whose `build` acts by the given lines of shell, where $out is the folder for the programs. */
const fakeGo = (build: string): string =>
  program(
    "go",
    `PATH=/usr/bin:/bin
     case "$1" in env) echo go1.26.0; exit ;; esac
     while [ "$1" != -o ]; do shift; done; out=$2
     ${build}`,
  );

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${condition.toString()}`);
    await sleep(20);
  }
}

describe("the cache key", () => {
  const write = (name: string, content: string): string => {
    const module = join(folder, name);
    mkdirSync(module);
    writeFileSync(join(module, "go.mod"), content);
    return module;
  };

  test("is the same wherever the checkout lies", () => {
    expect(cacheKey(write("a", "module tools"), "-s")).toBe(cacheKey(write("b", "module tools"), "-s"));
  });

  test.each([
    [
      "a file's content",
      (module: string) => {
        writeFileSync(join(module, "go.mod"), "module other");
      },
    ],
    [
      "a file's name",
      (module: string) => {
        writeFileSync(join(module, "main.go"), "");
      },
    ],
  ])("changes with %s", (_, change) => {
    const module = write("a", "module tools");
    const before = cacheKey(module, "-s");
    change(module);
    expect(cacheKey(module, "-s")).not.toBe(before);
  });

  test("changes with the linker flags and the platform", () => {
    const module = write("a", "module tools");
    const keys = [cacheKey(module, "-s"), cacheKey(module, "-s -w"), cacheKey(module, "-s", "darwin/arm64")];
    expect(new Set(keys).size).toBe(3);
  });
});

describe("a tool on PATH", () => {
  test.each([
    ["kwok", "kwok version v0.6.1 go1.22 (linux/amd64)", "not built yet"],
    ["kwok", "kwok version v0.7.0 go1.24 (linux/amd64)", "PATH"],
    ["etcd", "etcd Version: 3.4.30", "not built yet"],
    ["etcd", "etcd Version: 3.6.1", "PATH"],
    ["kubectl", "Client Version: v1.30.2", "not built yet"],
    ["kubectl", "Client Version: v1.31.0", "PATH"],
    ["kube-apiserver", "Kubernetes v1.32.9", "not built yet"],
    ["kube-apiserver", "Kubernetes v1.34.0", "PATH"],
    ["kube-apiserver", "no version at all", "not built yet"],
  ] as const)("%s that prints %j: %s", async (name, printed, from) => {
    process.env.PATH = program(name, `echo '${printed}'`);
    expect((await resolveTool(name)).from).toBe(from);
  });

  test("with the mark of a distributor is taken for the release that it is", async () => {
    const bin = program("kubectl", "echo Client Version: v1.32.4-dispatcher");
    process.env.PATH = ["", bin].join(delimiter);
    expect(await resolveTool("kubectl")).toEqual({ from: "PATH", path: join(bin, "kubectl"), version: "1.32.4" });
  });

  test("pulumi is taken only together with the language host of its release", async () => {
    process.env.PATH = program("pulumi", "echo v3.210.0");
    expect((await resolveTool("pulumi")).from).toBe("not built yet");
    const bin = program("pulumi-language-nodejs", "exit 1");
    expect(await resolveTool("pulumi")).toEqual({ from: "PATH", path: join(bin, "pulumi"), version: "3.210.0" });
    expect((await resolveTool("pulumi-language-nodejs")).path).toBe(join(bin, "pulumi-language-nodejs"));
  });

  test("the provider plugin is an ordinary Pulumi plugin: never from PATH, but from the user's Pulumi", async () => {
    process.env.PATH = program("pulumi-resource-kubernetes", "exit 0");
    expect((await resolveTool("pulumi-resource-kubernetes")).from).toBe("not built yet");
    const home = join(folder, "home");
    const installed = join(home, "plugins", "resource-kubernetes-v4.25.0");
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "pulumi-resource-kubernetes"), "");
    process.env.PULUMI_HOME = home;
    expect((await resolveTool("pulumi-resource-kubernetes")).from).toBe("Pulumi's plugins");
  });
});

describe("a tool that cannot be built ends with one line that names the remedy", () => {
  const line = async (child: ChildProcess): Promise<string> => {
    const { code, stderr } = await outcome(child);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(cached()).toEqual([]);
    return stderr;
  };

  test("no Go", async () => {
    expect(await line(runTools(["kwok"]))).toBe(
      "Go is needed to build kwok: install Go 1.24 or newer (https://go.dev/dl), or put these tools on PATH.\n",
    );
  });

  test("a Go that is too old", async () => {
    program("go", "echo go1.22.3");
    expect(await line(runTools(["kwok"]))).toBe(
      "Go 1.22.3 is too old to build the tools: install Go 1.24 or newer (https://go.dev/dl).\n",
    );
  });

  test("no network, with the real Go and an empty module cache", async () => {
    const env = { PATH: environment.PATH, GOPROXY: "off", GOMODCACHE: join(folder, "modules"), GOFLAGS: "" };
    expect(await line(runTools(["pulumi-language-nodejs"], env))).toBe(
      "pulumi-language-nodejs could not be built: Go modules could not be downloaded; " +
        "check the network, or set GOPROXY to a reachable proxy.\n",
    );
  });

  test("no disk", async () => {
    fakeGo(`echo 'write /tmp/go-link: no space left on device' >&2; exit 1`);
    expect(await line(runTools(["kwok"]))).toMatch(
      /^kwok could not be built: no space is left on the disk; free about 8 GB/,
    );
  });

  test("a cache that cannot be written", async () => {
    fakeGo("exit 1");
    writeFileSync(cache, "a file where the folder should be");
    const { code, stderr } = await outcome(runTools(["kwok"]));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kwok could not be built: .+ cannot be written; set XDG_CACHE_HOME and GOCACHE to .+\n$/);
  });

  test.each([
    ["dial tcp: lookup modules.example.org: no such host", /check the network/],
    ["go: go.mod requires go >= 1.25 (running go 1.24.1)", /install the newest Go/],
    ["open /root/.cache/x: permission denied", /set XDG_CACHE_HOME/],
    ["# k8s.io/x\n./main.go:3:1: undefined: y", /\.\/main\.go:3:1: undefined: y/],
  ])("what Go prints: %j", (printed, message) => {
    expect(explain("kwok", printed, "/cache").message).toMatch(message);
  });
});

describe("a build", () => {
  test("lands in the cache under the tools' names, one run of Go for a module", async () => {
    fakeGo(`echo run >> ${folder}/runs; for p in server kwok; do echo "#!/bin/sh" > $out/$p; done`);
    const { code, stdout } = await outcome(runTools(["etcd", "kwok"]));
    expect({ code, cached: cached().sort(), runs: readFileSync(join(folder, "runs"), "utf8") }).toEqual({
      code: 0,
      cached: ["etcd", "kwok"],
      runs: "run\n",
    });
    expect(stdout).toContain("etcd 3.5.21, kwok 0.7.0");
  });

  test("is done by the Go release that the tool needs, where it needs one", async () => {
    fakeGo(`echo "[$GOTOOLCHAIN]" >> ${folder}/toolchain; touch $out/kwok $out/elasticsearch-sdk`);
    await outcome(runTools(["elasticsearch-sdk"], { GOTOOLCHAIN: "" }));
    await outcome(runTools(["kwok"], { GOTOOLCHAIN: "" }));
    expect(readFileSync(join(folder, "toolchain"), "utf8")).toBe("[go1.24.9]\n[]\n");
  });

  test("interrupted by Ctrl-C leaves nothing half-written, and no child", async () => {
    fakeGo(`echo half > $out/kwok; echo $$ > ${folder}/pid; sleep 60`);
    const child = runTools(["kwok"]);
    const end = outcome(child);
    await until(() => existsSync(join(folder, "pid")));
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    child.kill("SIGINT");
    const { code, stderr } = await end;
    expect({ code, stderr, cached: cached() }).toEqual({ code: 130, stderr: "", cached: [] });
    // What has ended has its id until the process that adopted it has been told.
    await eventually("the child is gone", 20, () => Promise.resolve(identify(pid) === undefined));
  });

  test("killed hard is taken up by the next one, although it left its lock", async () => {
    fakeGo(`echo half > $out/kwok; echo $$ > ${folder}/pid; sleep 60`);
    const killed = runTools(["kwok"]);
    await until(() => existsSync(join(folder, "pid")));
    killed.kill("SIGKILL");
    await once(killed, "close");
    process.kill(-Number(readFileSync(join(folder, "pid"), "utf8")), "SIGKILL");
    fakeGo(`echo whole > $out/kwok`);
    expect(await outcome(runTools(["kwok"]))).toMatchObject({ code: 0, stderr: "" });
    expect(cached()).toEqual(["kwok"]);
  }, 40_000);

  test("wanted by two processes at once is done once", async () => {
    fakeGo(`echo run >> ${folder}/runs; sleep 1; echo whole > $out/kwok`);
    const both = await Promise.all([outcome(runTools(["kwok"])), outcome(runTools(["kwok"]))]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(readFileSync(join(folder, "runs"), "utf8")).toBe("run\n");
  });
});

test("--list names every tool, its version and where it comes from, and needs no Go", async () => {
  const bin = program("kubectl", "echo Client Version: v1.32.4");
  const { code, stdout } = await outcome(runTools(["--list"]));
  const rows = stdout
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect({ code, rows: rows.slice(0, 4) }).toEqual({
    code: 0,
    rows: [
      ["tool", "version", "from", "path"],
      ["etcd", "3.5.21", "not built yet", ""],
      ["kwok", "0.7.0", "not built yet", ""],
      ["kubectl", "1.32.4", "PATH", join(bin, "kubectl")],
    ],
  });
  expect(rows.slice(1).map(([name]) => name)).toEqual([...toolNames]);
});
