import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Scene } from "./scene";

jest.setTimeout(420_000);

const pages = join(__dirname, "..", "..", "docs", "strategies");

/** The fenced blocks of a page, by language; commands have none. */
function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(pages, `${page}.md`), "utf8");
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , block = ""]) => block);
}

/**
 * What a page does not say and the local cluster needs: nothing answers behind simulated pods. The scene does it
 * for its own config.
 */
const arranged = "skywalking-canary:gates: off";

/**
 * Follows a page as a user would: its config, if it has one, is the stack file; its commands run one after another.
 *
 * @returns the commands
 */
async function follow(page: string, scene: Scene): Promise<string[]> {
  const [config] = blocksOf(page, "yaml");
  if (config !== undefined) {
    const file = join(scene.stack.directory, "Pulumi.staging.yaml");
    // The stack file keeps the salt of its secrets, which the CLI has written there.
    const [salt = ""] = /^encryptionsalt: .*$/m.exec(readFileSync(file, "utf8")) ?? [];
    writeFileSync(file, `${salt}\n${config.trimEnd()}\n  ${arranged}\n`);
  }
  const commands = blocksOf(page, "").flatMap((block) => block.trim().split("\n"));
  for (const command of commands) {
    const { code, output } = await scene.type(command);
    expect({ command, code, output: code === 0 ? "" : output }).toEqual({ command, code: 0, output: "" });
  }
  return commands;
}

test.each([
  ["canary", {}, "retire"],
  ["hot-reboot", { stack: "hot-reboot" }, "retire"],
  ["in-place", { stack: "in-place" }, "baseline"],
] as const)("the page of strategy %s can be followed by copy and paste", async (page, options, stage) => {
  const scene = await Scene.open(options);
  try {
    expect((await follow(page, scene)).filter((command) => command === "pulumi up").length).toBeGreaterThan(4);
    expect(await scene.stack.outputs()).toMatchObject({ stage });
    await scene.expectNoChanges();
  } finally {
    await scene.close();
  }
});
