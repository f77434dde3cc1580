/** `npm run sdk`: regenerates sdks/elasticsearch. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSdk } from "./generate";

const scratch = mkdtempSync(join(tmpdir(), "skywalking-canary-sdk-"));

generateSdk(join(__dirname, "..", "..", "sdks", "elasticsearch"), scratch)
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => {
    rmSync(scratch, { recursive: true });
  });
