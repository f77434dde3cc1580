import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "../directories";

/** Elasticsearch releases whose jars are in Maven Central as a runnable whole: no x-pack, so no users, TLS or lifecycle. */
export const elasticsearchReleases = ["6.8.9", "7.10.2"] as const;
export type ElasticsearchRelease = (typeof elasticsearchReleases)[number];

/** The oldest JDK that the flags in `elasticsearch.ts` are for. */
const oldestJava = 17;

function printed(command: string, args: readonly string[]): string | undefined {
  try {
    // `java -version` prints to stderr, and `--version` to stdout (since 9).
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

/** Why no real Elasticsearch can be started here, as a clause, or undefined when one can. */
export function whyNoElasticsearch(): string | undefined {
  const java = /^\S+ (\d+)/.exec(printed("java", ["--version"]) ?? "")?.[1];
  if (java === undefined) return `there is no java on PATH (a JDK ${oldestJava} or newer is needed)`;
  if (Number(java) < oldestJava) return `java is ${java}, and a JDK ${oldestJava} or newer is needed`;
  if (printed("mvn", ["--version"]) === undefined) return "there is no mvn on PATH (Apache Maven 3)";
  return undefined;
}

/** The folder with the jars of a release, fetched by Maven the first time: whole or not at all. */
export async function elasticsearchJars(release: ElasticsearchRelease): Promise<string> {
  const pom = join(__dirname, "maven", `elasticsearch-${release}.pom.xml`);
  const key = createHash("sha256").update(readFileSync(pom)).digest("hex").slice(0, 16);
  const folder = join(cacheDirectory(), "elasticsearch", `${release}-${key}`);
  if (existsSync(folder)) return folder;
  await mkdir(join(folder, ".."), { recursive: true });
  const aside = `${folder}.${process.pid}`;
  const args = ["--quiet", "--batch-mode", "--file", pom, "dependency:copy-dependencies", `-DoutputDirectory=${aside}`];
  try {
    await promisify(execFile)("mvn", [...args, "-DincludeScope=runtime"]);
    await rename(aside, folder).catch((error: unknown) => {
      // Somebody else was faster: theirs is as good.
      if (!existsSync(folder)) throw error;
    });
  } catch (error) {
    throw new Error(
      `Cannot fetch the jars of Elasticsearch ${release} with Maven: ${error instanceof Error ? error.message : String(error)} -> try \`mvn ${args.join(" ")}\``,
      { cause: error },
    );
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
}
