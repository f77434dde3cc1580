import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { copyAgent } from "../../upgrade/workload/pod-template";

/**
 * The user of the init container. As root, the test becomes it; otherwise it is run by its own user, who is
 * not root either.
 */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

let folder: string;
let agent: string;
let volume: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skywalking-canary-agent-"));
  chmodSync(folder, 0o755);
  agent = join(folder, "agent");
  volume = join(folder, "volume");
  mkdirSync(join(agent, "config"), { recursive: true });
  mkdirSync(join(agent, "logs"));
  writeFileSync(join(agent, "config", "agent.config"), "");
  chmodSync(join(agent, "config", "agent.config"), 0o444);
  // An emptyDir: of root, and open to all.
  mkdirSync(volume);
  chmodSync(volume, 0o777);
});

afterEach(() => {
  if (process.getuid?.() === 0) chownSync(volume, 0, 0);
  rmSync(folder, { recursive: true, force: true });
});

const modes = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(volume, { recursive: true, encoding: "utf8" })
      .sort()
      .map((name) => [name, (statSync(join(volume, name)).mode & 0o777).toString(8)]),
  );

test("a user who does not own the volume can copy the agent into it, again when the container is restarted", () => {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const { status, stderr } = spawnSync("sh", ["-c", copyAgent(agent, volume)], { ...nobody, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(modes()).toEqual({ config: "777", "config/agent.config": "666", logs: "777" });
  }
});
