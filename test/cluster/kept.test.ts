import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run } from "../../commands/stack/run";
import { measure } from "../times/measure";

jest.setTimeout(300_000);

const checkout = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-kept-"));
const env = { ...process.env, XDG_STATE_HOME: join(folder, "state") };

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs lines in a shell of their own, as a user who copies them does. */
const shell = (lines: readonly string[]) =>
  measure("a line of the shell", () => run("bash", ["-ec", lines.join("\n")], { cwd: checkout, env }));

test("what npm start -- --keep leaves answers: by the lines that it prints, everything agrees, and nothing stays", async () => {
  const args = ["--require", "./register.cjs", "tools/demo", "--keep", "--stage", "baseline"];
  const kept = await measure("npm start", () => run(process.execPath, args, { cwd: checkout, env }));
  expect({ code: kept.code, output: kept.code === 0 ? "" : kept.output }).toEqual({ code: 0, output: "" });
  const lines = kept.output.split("\n").flatMap((line) => (line.startsWith("  ") ? [line.trim()] : []));
  const exports = lines.filter((line) => line.startsWith("export "));
  const ending = lines.filter((line) => /cluster -- down|^cd && rm -rf/.test(line));
  expect(ending).toHaveLength(2);
  try {
    const status = await shell([...exports, ...lines.filter((line) => line.includes(" status -- --cwd "))]);
    expect(status.output).toContain("live");
    expect(status.output).not.toContain("NO ANSWER");
    expect(status.code).toBe(0);
  } finally {
    expect(await shell([...exports, ...ending])).toMatchObject({ code: 0 });
  }
  const clusters = await shell(["npm run --silent cluster -- status"]);
  expect(clusters.output).not.toContain("demo");
});
