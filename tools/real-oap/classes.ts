import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { agentJar, cachedFolder } from "../jvm/jars";
import { cacheKey } from "../toolchain/cache";

const sources = join(__dirname, "service");

/** The folder with the classes of `service`, which are compiled the first time. */
export async function classes(): Promise<string> {
  const classPath = await agentJar("8.6.0");
  return cachedFolder("classes", cacheKey(sources, ""), (folder) => {
    const files = readdirSync(sources).map((name) => join(sources, name));
    return promisify(execFile)("javac", ["--release", "17", "-cp", classPath, "-d", folder, ...files]);
  });
}
