import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { delimiter, join } from "node:path";

import { findProcesses } from "../cluster/process-identity";
import { missingConfigs } from "../real-oap/config";
import { hierarchies } from "./cgroups";
import { unshare } from "./namespace";
import { settings } from "./settings";

/** Debian packages, each with a file that it installs; a file without a folder is looked up on PATH. */
const packages: Readonly<Record<string, string>> = {
  containerd: "containerd",
  runc: "runc",
  "containernetworking-plugins": "/usr/lib/cni/bridge",
  iptables: "iptables",
  iproute2: "ip",
  conntrack: "conntrack",
  "util-linux": "unshare",
  "busybox-static": "/bin/busybox",
  curl: "/usr/bin/curl",
  "openjdk-17-jdk-headless": "/usr/lib/jvm/java-17-openjdk-amd64/bin/jlink",
  maven: "mvn",
};

function isThere(file: string): boolean {
  if (file.startsWith("/")) return existsSync(file);
  // A root shell may not have sbin on PATH, where iptables is.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, file)));
}

/** Missing Debian packages. */
export function missingPackages(): string[] {
  return Object.entries(packages)
    .filter(([, file]) => !isThere(file))
    .map(([name]) => name);
}

/** Process ids of kubelets that would share the cgroups, ports and CNI cache with ours. */
function otherKubelets(): number[] {
  return findProcesses((pid) => {
    const [program = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return program.endsWith("/kubelet") && !args.some((arg) => arg.includes("skywalking-canary"));
  }).map(({ pid }) => pid);
}

/**
 * What keeps root from creating the namespaces and cgroups of the cluster, or undefined: in a container this may be
 * forbidden.
 */
function whyNoNamespaces(): string | undefined {
  const [program, ...flags] = unshare;
  const trial = "mount -t tmpfs trial /run; ip link add trial type bridge";
  try {
    execFileSync(program, [...flags, "sh", "-ec", trial], { stdio: "pipe" });
    for (const hierarchy of hierarchies()) {
      const cgroup = join(hierarchy, `${settings.cgroup}-trial-${String(process.pid)}`);
      mkdirSync(cgroup);
      rmdirSync(cgroup);
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim().replaceAll("\n", " ") : String(error);
  }
}

function javaVersion(): string | undefined {
  try {
    return execFileSync("/usr/lib/jvm/java-17-openjdk-amd64/bin/java", ["--version"], { encoding: "utf8" });
  } catch {
    return undefined;
  }
}

/**
 * What this machine lacks for a cluster with real pods, each problem on one line with what to do; empty when it can run
 * one.
 */
export function missingRequirements(): string[] {
  if (process.platform !== "linux") return [`${process.platform} is not Linux -> run it on a Linux machine`];
  const problems: string[] = [];
  if (process.arch !== "x64")
    problems.push(`${process.arch}: the images are built for x64 -> run it on such a machine`);
  if (process.getuid?.() !== 0) problems.push("not root: network namespaces and containers need it -> run it as root");
  const missing = missingPackages();
  if (missing.length > 0) {
    problems.push(
      `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not installed -> apt-get install --no-install-recommends ${missing.join(" ")}`,
    );
  } else if (javaVersion() === undefined) {
    problems.push("Java 17 does not run -> apt-get install --reinstall openjdk-17-jdk-headless");
  }
  const forbidden = problems.length === 0 ? whyNoNamespaces() : undefined;
  if (forbidden !== undefined) {
    problems.push(
      `cannot create namespaces, links or cgroups (${forbidden}) -> a container needs --privileged for them`,
    );
  }
  const kubelets = otherKubelets();
  if (kubelets.length > 0) {
    problems.push(`another kubelet is running here (process ${kubelets.join(", ")}) -> use a machine without one`);
  }
  const configs = missingConfigs();
  if (configs !== undefined) problems.push(configs);
  return problems;
}
