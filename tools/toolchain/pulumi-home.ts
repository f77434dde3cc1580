import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import lockfile from "proper-lockfile";
import { cacheFolder } from "./cache";
import { explain } from "./failures";
import { type ToolName, tools } from "./tools";

/** Runs a dynamic provider (`pulumi.dynamic.Resource`) of the program in the folder where the engine starts it. */
const dynamicProvider = `#!/bin/sh
exec node "$(node -p 'require.resolve("@pulumi/pulumi/cmd/dynamic-provider")')" "$@"
`;

/** Pulumi's home of this project alone, so that the user's own plugins, log-ins and stacks stay out of it. */
function pulumiHome(): string {
  return join(cacheFolder("pulumi-resource-kubernetes"), "pulumi-home");
}

/** Puts beside a built CLI, and into its home, what a downloaded CLI brings or fetches. Does nothing the second time. */
export async function preparePulumi(
  paths: Readonly<Record<"pulumi" | "pulumi-resource-kubernetes", string>>,
): Promise<void> {
  const folder = dirname(paths.pulumi);
  const script = join(folder, "pulumi-resource-pulumi-nodejs");
  if (folder === cacheFolder("pulumi") && !existsSync(script)) {
    const aside = `${script}.${process.pid}`;
    await writeFile(aside, dynamicProvider, { mode: 0o755 });
    await rename(aside, script);
  }

  const plugin: ToolName = "pulumi-resource-kubernetes";
  const { version } = tools[plugin];
  const home = pulumiHome();
  const installed = join(home, "plugins", `resource-kubernetes-v${version}`);
  // Pulumi marks a plugin that it is still writing, or was when it was killed.
  const complete = (): boolean => existsSync(join(installed, plugin)) && !existsSync(`${installed}.partial`);
  if (complete()) return;
  await mkdir(home, { recursive: true });
  const release = await lockfile.lock(home, { stale: 10_000, retries: { retries: 120, factor: 1, minTimeout: 500 } });
  try {
    if (complete()) return;
    const args = ["plugin", "install", "resource", "kubernetes", version, "--file", paths[plugin]];
    await promisify(execFile)(paths.pulumi, args, { env: pulumiEnv(paths) }).catch((error: unknown) => {
      throw explain("Pulumi's home", String(error), home);
    });
  } finally {
    await release();
  }
}

/**
 * The environment in which the real CLI finds its language host, its plugins and nothing of the user's own. What is
 * left to the caller: backend (`PULUMI_BACKEND_URL`) and passphrase (`PULUMI_CONFIG_PASSPHRASE`).
 */
export function pulumiEnv(
  paths: Readonly<Record<"pulumi", string>>,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...env,
    PATH: [dirname(paths.pulumi), env.PATH ?? ""].join(delimiter),
    PULUMI_HOME: pulumiHome(),
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}
