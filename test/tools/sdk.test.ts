import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSdk } from "../../tools/sdk/generate";
import { tools } from "../../tools/toolchain/tools";

jest.setTimeout(600_000);

const checkout = join(__dirname, "..", "..");
const committed = join(checkout, "sdks", "elasticsearch");

/** Every file of a folder with its content. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}

test("the committed SDK is what `npm run sdk` writes", async () => {
  const scratch = mkdtempSync(join(tmpdir(), "sdk-test-"));
  try {
    const folder = join(scratch, "sdk");
    await generateSdk(folder, scratch);
    expect(contents(folder)).toEqual(contents(committed));
  } finally {
    rmSync(scratch, { recursive: true });
  }
});

test("Pulumi.yaml names the releases that the toolchain builds, and the SDK has no install script", () => {
  const project = readFileSync(join(checkout, "Pulumi.yaml"), "utf8");
  expect(project).toContain(`version: ${tools["pulumi-resource-terraform-provider"].version}\n`);
  expect(project).toContain(
    `- phillbaker/elasticsearch\n      - ${tools["terraform-provider-elasticsearch"].version}\n`,
  );
  const manifest = JSON.parse(readFileSync(join(committed, "package.json"), "utf8")) as Record<string, unknown>;
  expect(manifest).not.toHaveProperty("scripts");
});
