import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, rename, writeFile } from "node:fs/promises";
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

/** This project's own Pulumi home, so that the user's plugins, log-ins and stacks stay out of it. */
function pulumiHome(): string {
  return join(cacheFolder("pulumi-resource-kubernetes"), "pulumi-home");
}

/** Provider plugins, by the name of their tool. */
const plugins = {
  "pulumi-resource-kubernetes": "kubernetes",
  "pulumi-resource-terraform-provider": "terraform-provider",
} as const satisfies Partial<Record<ToolName, string>>;

/** Where the bridge to Terraform providers keeps what it has downloaded (`PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR`). */
const terraformProviders = (): string => join(pulumiHome(), "dynamic_tf_plugins");

/**
 * Puts beside a built CLI, and into its home, what a downloaded CLI brings or fetches. Running it again changes
 * nothing.
 */
export async function preparePulumi(pulumi: string, paths: Partial<Record<ToolName, string>>): Promise<void> {
  const folder = dirname(pulumi);
  const script = join(folder, "pulumi-resource-pulumi-nodejs");
  if (folder === cacheFolder("pulumi") && !existsSync(script)) {
    const aside = `${script}.${process.pid}`;
    await writeFile(aside, dynamicProvider, { mode: 0o755 });
    await rename(aside, script);
  }
  for (const tool of ["pulumi-resource-kubernetes", "pulumi-resource-terraform-provider"] as const) {
    const path = paths[tool];
    if (path !== undefined) await installPlugin(pulumi, tool, path);
  }
  const terraformProvider = paths["terraform-provider-elasticsearch"];
  if (terraformProvider !== undefined) await cacheTerraformProvider(terraformProvider);
}

async function installPlugin(pulumi: string, tool: keyof typeof plugins, path: string): Promise<void> {
  const { version } = tools[tool];
  const home = pulumiHome();
  const installed = join(home, "plugins", `resource-${plugins[tool]}-v${version}`);
  // Pulumi marks a plugin that it is writing, or was writing when it was killed.
  const complete = (): boolean => existsSync(join(installed, tool)) && !existsSync(`${installed}.partial`);
  if (complete()) return;
  await mkdir(home, { recursive: true });
  const release = await lockfile.lock(home, { stale: 10_000, retries: { retries: 120, factor: 1, minTimeout: 500 } });
  try {
    if (complete()) return;
    const args = ["plugin", "install", "resource", plugins[tool], version, "--file", path];
    await promisify(execFile)(pulumi, args, { env: pulumiEnv({ pulumi }) }).catch((error: unknown) => {
      throw explain("Pulumi's home", String(error), home);
    });
  } finally {
    await release();
  }
}

/** Puts what the bridge would download from the registry of Terraform providers where it looks first. */
async function cacheTerraformProvider(path: string): Promise<void> {
  const { version } = tools["terraform-provider-elasticsearch"];
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const folder = join(
    terraformProviders(),
    "registry.opentofu.org",
    "phillbaker",
    "elasticsearch",
    version,
    `${process.platform}_${architecture}`,
  );
  const cached = join(folder, `terraform-provider-elasticsearch_v${version}`);
  if (existsSync(cached)) return;
  await mkdir(folder, { recursive: true });
  const aside = `${cached}.${process.pid}`;
  await copyFile(path, aside);
  await rename(aside, cached);
}

/**
 * The environment in which the real CLI finds its language host and its plugins, and nothing of the user's. The caller
 * adds backend (`PULUMI_BACKEND_URL`) and passphrase (`PULUMI_CONFIG_PASSPHRASE`). kubectl is on PATH too if its path
 * is given; a folder that is already on PATH keeps its place, since it may contain other programs.
 */
export function pulumiEnv(
  { pulumi, kubectl }: Readonly<Record<"pulumi", string>> & Readonly<Partial<Record<"kubectl", string>>>,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const path = env.PATH ?? "";
  const missing = kubectl === undefined || path.split(delimiter).includes(dirname(kubectl)) ? [] : [dirname(kubectl)];
  return {
    ...env,
    PATH: [dirname(pulumi), ...missing, path].join(delimiter),
    PULUMI_HOME: pulumiHome(),
    PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: terraformProviders(),
    // No missing plugin is downloaded: the stack needs none of them.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}
