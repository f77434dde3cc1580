import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureTools, pulumiEnv } from "../toolchain/ensure";
import { elasticsearchToolNames, tools } from "../toolchain/tools";
import { usedPart, type PackageSchema } from "./used";

const run = promisify(execFile);

/**
 * Writes the SDK of the Elasticsearch provider (`@pulumi/elasticsearch`) into a folder that it empties first, from the
 * parts of the provider's own schema that this program uses.
 *
 * @param scratch - an empty folder for intermediate files
 */
export async function generateSdk(folder: string, scratch: string): Promise<void> {
  const paths = await ensureTools(["pulumi", ...elasticsearchToolNames]);
  const env = pulumiEnv(paths, { ...process.env, PULUMI_BACKEND_URL: `file://${scratch}` });
  const provider = ["phillbaker/elasticsearch", tools["terraform-provider-elasticsearch"].version];
  const { stdout } = await run(
    paths.pulumi,
    ["package", "get-schema", `terraform-provider@${tools["pulumi-resource-terraform-provider"].version}`, ...provider],
    { cwd: scratch, env, maxBuffer: 64 * 1024 * 1024 },
  );
  const schema = join(scratch, "schema.json");
  await writeFile(schema, JSON.stringify(usedPart(JSON.parse(stdout) as PackageSchema)));
  await run(paths["elasticsearch-sdk"], [schema, folder]);
}
