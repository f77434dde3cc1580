import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { cachedFolder, jarsOf, type AgentRelease } from "../jvm/jars";
import { cacheKey } from "../toolchain/cache";

/** The folder with the classes of a folder of sources, which are compiled the first time. */
async function compiled(name: string, classPath: string): Promise<string> {
  const sources = join(__dirname, name);
  return cachedFolder("classes", cacheKey(sources, classPath), (folder) => {
    const files = readdirSync(sources).map((file) => join(sources, file));
    return promisify(execFile)("javac", ["--release", "17", "-proc:none", "-cp", classPath, "-d", folder, ...files]);
  });
}

/** The folder with the classes of `service`. */
export async function classes(): Promise<string> {
  return compiled("service", await agentJar("8.6.0"));
}

/** The folder with the main class of OAP 6.5.0. */
export async function starter(): Promise<string> {
  return compiled("starter", join(await jarsOf("oap-6.5.0"), "*"));
}

/** The jar of an agent, which contains everything but plugins. */
export async function agentJar(release: AgentRelease): Promise<string> {
  const jars = await jarsOf(`agent-${release}`);
  if (release !== "6.6.0") return join(jars, `apm-agent-${release}.jar`);
  const core = join(jars, "apm-agent-core-6.6.0.jar");
  const premain = await compiled("agent", core);
  const folder = await cachedFolder("agents", cacheKey(premain, core), async (made) => {
    const jar = join(made, "skywalking-agent.jar");
    await cp(core, jar);
    await writeFile(join(made, "manifest"), "Premain-Class: Premain\n");
    await promisify(execFile)("jar", [
      "--update",
      "--file",
      jar,
      "--manifest",
      join(made, "manifest"),
      "-C",
      premain,
      ".",
    ]);
  });
  return join(folder, "skywalking-agent.jar");
}
