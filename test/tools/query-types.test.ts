import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run } from "../../commands/stack/run";

const checkout = join(__dirname, "..", "..");

test("the types of the queries are those of oap.graphqls (`npm run graphql` writes them)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-graphql-"));
  const file = join(folder, "oap-schema.d.ts");
  const { code, output } = await run("node_modules/.bin/gql.tada", ["generate-output", "--output", file], {
    cwd: checkout,
    env: process.env,
  });
  expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  const text = readFileSync(file, "utf8");
  rmSync(folder, { recursive: true });
  expect(text).toBe(readFileSync(join(checkout, "components", "query", "oap-schema.d.ts"), "utf8"));
}, 60_000);
