import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureTools, pulumiEnv, type Tools } from "../../tools/toolchain/ensure";

jest.setTimeout(60_000);

let tools: Tools;
let folder: string;

beforeAll(async () => {
  tools = await ensureTools();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-test-"));
  symlinkSync(join(__dirname, "..", "..", "node_modules"), join(folder, "node_modules"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the real CLI in a project of the test's own, with a backend of its own. */
async function pulumi(...args: string[]): Promise<string> {
  const env = pulumiEnv(tools, {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "",
  });
  const { stdout } = await promisify(execFile)(tools.pulumi, [...args, "--non-interactive"], { cwd: folder, env });
  return stdout;
}

/** A project with one program in JavaScript. */
async function project(options: string, program: string): Promise<void> {
  writeFileSync(join(folder, "Pulumi.yaml"), `name: example\nruntime: { name: nodejs, options: ${options} }\n`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "index.js" }));
  writeFileSync(join(folder, "other.json"), "{}");
  writeFileSync(join(folder, "index.js"), program);
  await pulumi("stack", "init", "test");
}

const shown =
  "exports.shown = [process.execArgv, process.env.PULUMI_NODEJS_TYPESCRIPT, process.env.PULUMI_NODEJS_TSCONFIG_PATH]";

test.each([
  ["", [[], "true", null]],
  ["typescript: true, tsconfig: other.json", [[], "true", "other.json"]],
  [
    "typescript: false, nodeargs: --no-deprecation --stack-trace-limit=20",
    [["--no-deprecation", "--stack-trace-limit=20"], null, null],
  ],
])("the language host hands on runtime.options { %s }", async (options, expected) => {
  await project(`{ ${options} }`, shown);
  await pulumi("up", "--yes", "--skip-preview");
  expect(JSON.parse(await pulumi("stack", "output", "shown"))).toEqual(expected);
});

test("the language host refuses an option of the wrong type by its name", async () => {
  await project(`{ typescript: "no" }`, shown);
  const complaint = "runtime.options.typescript must be a boolean, got no";
  await expect(pulumi("preview")).rejects.toMatchObject({ stdout: expect.stringContaining(complaint) as string });
});

test("the CLI finds the provider plugin and the dynamic provider, and nothing of the user's", async () => {
  await project(
    "{ typescript: false }",
    `const pulumi = require("@pulumi/pulumi");
     const { ConfigMap } = require("@pulumi/kubernetes/core/v1");
     const { Provider } = require("@pulumi/kubernetes/provider");
     class Dynamic extends pulumi.dynamic.Resource {}
     new Dynamic({ create: async (inputs) => ({ id: "made", outs: inputs }) }, "dynamic", {});
     new ConfigMap("config", {}, { provider: new Provider("rendered", { renderYamlToDirectory: "rendered" }) });`,
  );
  expect(await pulumi("up", "--yes", "--skip-preview")).toContain("+ 4 created");
  const plugins = JSON.parse(await pulumi("plugin", "ls", "--json")) as { name: string; version: string }[];
  const found = plugins.map(({ name, version }) => `${name} ${version}`);
  expect(found).toContain("kubernetes 4.25.0");
  // Stacks that declare something in an Elasticsearch have brought the other one.
  expect(["kubernetes 4.25.0", "terraform-provider 1.0.0"]).toEqual(expect.arrayContaining(found));
});
