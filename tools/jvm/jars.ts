import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "../directories";

export type AgentRelease = "6.6.0" | "7.0.0" | "8.6.0" | "9.4.0";
export type ElasticsearchRelease = "6.8.9" | "7.10.2";
export type OapRelease = "6.5.0" | "9.6.0" | "10.1.0";

/**
 * Released programs that Maven Central has as jars; each has a POM in `maven`. Of OAP 6.5.0 it lacks the main class,
 * and of agent 6.6.0 the class that starts it.
 */
export type Program = `agent-${AgentRelease}` | `elasticsearch-${ElasticsearchRelease}` | `oap-${OapRelease}`;

/** The oldest JDK that knows the flags with which these programs are started. */
const oldestJava = 17;

function printed(command: string, args: readonly string[]): string | undefined {
  try {
    // `java -version` prints to stderr, and `--version` to stdout (since 9).
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

/** Why no released program can be started here, as a clause; undefined when one can. */
export function whyNoJava(): string | undefined {
  const java = /^\S+ (\d+)/.exec(printed("java", ["--version"]) ?? "")?.[1];
  if (java === undefined) return `there is no java on PATH (a JDK ${oldestJava} or newer is needed)`;
  if (Number(java) < oldestJava) return `java is ${java}, and a JDK ${oldestJava} or newer is needed`;
  if (printed("mvn", ["--version"]) === undefined) return "there is no mvn on PATH (Apache Maven 3)";
  return undefined;
}

/**
 * Makes a folder of the cache, completely or not at all; with several processes, the first one wins.
 *
 * @param make - fills the folder that it is given
 */
export async function cachedFolder(
  kind: string,
  name: string,
  make: (folder: string) => Promise<unknown>,
): Promise<string> {
  const folder = join(cacheDirectory(), kind, name);
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    await make(aside);
    await rename(aside, folder).catch((error: unknown) => {
      // Another process was faster, and its folder is just as good.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
}

/** The folder with the jars of a program; Maven fetches them the first time. */
export async function jarsOf(program: Program): Promise<string> {
  const pom = join(__dirname, "maven", `${program}.pom.xml`);
  // As a dependency, an agent cannot be resolved; see its POM.
  const goal = program.startsWith("agent-") ? "copy" : "copy-dependencies";
  const key = createHash("sha256").update(readFileSync(pom)).digest("hex").slice(0, 16);
  return cachedFolder("jars", `${program}-${key}`, async (folder) => {
    const args = ["--quiet", "--batch-mode", "--file", pom, `dependency:${goal}`, `-DoutputDirectory=${folder}`];
    try {
      await promisify(execFile)("mvn", [...args, "-DincludeScope=runtime"]);
    } catch (error) {
      throw new Error(
        `Cannot fetch the jars of ${program} with Maven: ${error instanceof Error ? error.message : String(error)} -> try \`mvn ${args.join(" ")}\``,
        { cause: error },
      );
    }
  });
}
