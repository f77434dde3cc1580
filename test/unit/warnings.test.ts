import { readFileSync } from "node:fs";
import { join } from "node:path";

import { warningIds } from "../../upgrade/warnings/warning";

test("docs/warnings.md explains every warning, and no other", () => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "warnings.md"), "utf8");
  const explained = [...page.matchAll(/^- `([a-z-]+)`( \(info\))?:/gm)].map(([, id]) => id);
  expect(explained.sort()).toEqual([...warningIds]);
});
