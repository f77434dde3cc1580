import { copyFileSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build, stop } from "esbuild";
import { parseDocument } from "yaml";

const checkout = join(__dirname, "..", "..");

/** Commands that only read and propose, for {@link Scene.command}. */
export const commands = ["adopt", "status", "waves"] as const;

/** Environment variable that names the folder written by {@link bundleProgram} for the processes of the tests. */
export const bundleVariable = "SKYWALKING_CANARY_TEST_PROGRAM";

/**
 * Bundles the program and the commands once for all tests of a run: compiling hundreds of sources would take a second
 * or two of every update. The tests of what users do run the sources as they are.
 *
 * @returns the folder, for {@link LocalStackOptions.program}
 */
async function bundleProgram(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-program-"));
  await build({
    absWorkingDir: checkout,
    entryPoints: [
      "index.ts",
      // Stacks that administer a storage load it by its path.
      "components/storage/administrator.ts",
      "test/cluster/language-host.ts",
      "test/cluster/provider-proxy.ts",
      ...commands.map((name) => `commands/${name}/index.ts`),
    ],
    outbase: checkout,
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "cjs",
    // The process that runs the program has already loaded these.
    external: ["@pulumi/pulumi", "@pulumi/pulumi/*", "@grpc/grpc-js"],
    logLevel: "warning",
  });
  await stop();
  for (const name of ["page.eta", "picture.eta", "page.css"]) {
    copyFileSync(join(checkout, "commands", "status", "page", name), join(folder, "commands", "status", name));
  }
  const project = parseDocument(readFileSync(join(checkout, "Pulumi.yaml"), "utf8"));
  project.deleteIn(["runtime", "options", "nodeargs"]);
  project.set("main", "index.js");
  writeFileSync(join(folder, "Pulumi.yaml"), project.toString());
  for (const name of ["node_modules", "package.json"]) symlinkSync(join(checkout, name), join(folder, name));
  return folder;
}

/** Jest's `globalSetup`: the processes of the tests inherit the environment variables that it sets. */
export default async function setUp(): Promise<void> {
  process.env[bundleVariable] = await bundleProgram();
}
