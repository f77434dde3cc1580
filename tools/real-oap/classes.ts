import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { cachedFolder, contentKey, jarsOf } from "../jvm/jars";

const sources = join(__dirname, "service");

/** The folder with the classes of `service`, compiled the first time. */
export async function classes(): Promise<string> {
  const files = readdirSync(sources)
    .sort()
    .map((name) => join(sources, name));
  const agent = await jarsOf("agent-8.6.0");
  return cachedFolder("classes", contentKey(...files.map((file) => readFileSync(file))), (folder) =>
    promisify(execFile)("javac", ["--release", "17", "-cp", join(agent, "*"), "-d", folder, ...files]),
  );
}
