import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { home } from "../../tools/real-cluster/settings";
import { realCluster } from "../real/real-cluster";
import { describeReal } from "../real/story";

jest.setTimeout(300_000);

/**
 * What the cluster could leave on the host: everything that a look at the whole machine shows, but for
 * processes of others.
 */
function traces(): Record<string, readonly string[]> {
  const lines = (file: string) => readFileSync(file, "utf8").split("\n");
  const entries = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  const commands = entries("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8")];
      } catch {
        return []; // It has ended.
      }
    });
  return {
    mounts: lines("/proc/self/mounts"),
    links: entries("/sys/class/net").sort(),
    networkNamespaces: entries("/run/netns"),
    addressCaches: entries("/var/lib/cni"),
    logLinks: entries("/var/log/containers"),
    cgroups: entries("/sys/fs/cgroup").flatMap((controller) =>
      entries(`/sys/fs/cgroup/${controller}`).filter((name) => /kube|skywalking/.test(name)),
    ),
    forwarding: lines("/proc/sys/net/ipv4/ip_forward"),
    processes: commands.filter((command) => command.includes(home()) || command.includes("containerd-shim")),
    files: entries(home()),
  };
}

describeReal("npm run real", () => {
  let before: Record<string, readonly string[]>;

  beforeAll(async () => {
    await realCluster("down");
    before = traces();
  });

  afterAll(() => realCluster("down"));

  // In the order in which a start writes them, so that each case ends another part of it, however fast the machine.
  test.each(["pki", "logs/namespace.log", "logs/kube-apiserver.log", "logs/containerd.log", "logs/kubelet.log"])(
    "a start killed when it has written %s leaves nothing that down does not end",
    async (file) => {
      const up = spawn(process.execPath, ["--import", "tsx", "tools/real-cluster", "up"], {
        stdio: "ignore",
        detached: true,
      });
      const ended = once(up, "exit");
      while (up.exitCode === null && !existsSync(join(home(), file))) await sleep(5);
      expect(up.exitCode).toBeNull();
      if (up.pid !== undefined) process.kill(-up.pid, "SIGKILL");
      await ended;
      await realCluster("down");
      expect(traces()).toEqual(before);
    },
  );

  test("down after up leaves the machine as it was", async () => {
    await realCluster("up");
    expect(traces()).not.toEqual(before);
    await realCluster("down");
    expect(traces()).toEqual(before);
  });

  test("up twice is up once", async () => {
    await realCluster("up");
    const { processes } = traces();
    await realCluster("up");
    expect(traces().processes).toEqual(processes);
  });
});
