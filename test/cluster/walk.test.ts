import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { run } from "../../commands/stack/run";
import { ensureTools } from "../../tools/toolchain/ensure";
import { oldestCli, programToolNames, tools as pinned } from "../../tools/toolchain/tools";
import { measure } from "../times/measure";

jest.setTimeout(600_000);

const checkout = join(__dirname, "..", "..");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skywalking-canary-walk-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ["newest", "pulumi", []],
  ["oldest", oldestCli, ["--stage", "canary-2"]],
] as const)("npm start walks with the %s CLI that is supported", async (_, cli, options) => {
  const tools = await ensureTools([...programToolNames, oldestCli]);
  // As on the PATH of a user, whose CLI is taken before any that is built. It looks for the language host beside
  // itself.
  copyFileSync(tools[cli], join(folder, "pulumi"));
  copyFileSync(tools["pulumi-language-nodejs"], join(folder, "pulumi-language-nodejs"));
  const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
  const version = await run("pulumi", ["version"], { env });
  expect(version.stdout.trim()).toBe(`v${pinned[cli].version}`);

  const args = ["--require", "./register.cjs", "tools/demo", ...options];
  const { code, output } = await measure("npm start", () => run(process.execPath, args, { cwd: checkout, env }));
  expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  expect(output).toContain(": baseline, provision, canary-1, canary-2, canary-1 (back), canary-2 (forward again)");
  expect(output).toContain("Everything is stopped and removed.");
});
