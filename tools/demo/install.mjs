/**
 * `prestart`: installs the dependencies when they are missing or older than package-lock.json. It is plain Node.js,
 * because nothing else may be installed yet.
 */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const checkout = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const changed = (file) => statSync(join(checkout, file), { throwIfNoEntry: false })?.mtimeMs;

// npm writes this file at the end of an installation, so an interrupted one does not count.
const installed = changed("node_modules/.package-lock.json");
if (installed === undefined || installed < changed("package-lock.json")) {
  process.stdout.write(
    `npm ci: the dependencies are ${installed === undefined ? "missing" : "older than package-lock.json"}\n`,
  );
  const npm = process.env["npm_execpath"];
  const [command, ...args] = npm === undefined ? ["npm"] : [process.execPath, npm];
  const { status } = spawnSync(command, [...args, "ci", "--no-audit", "--no-fund"], {
    cwd: checkout,
    stdio: "inherit",
  });
  if (status !== 0) {
    process.stderr.write("npm ci failed (see above): nothing can start without the dependencies.\n");
    process.exitCode = 1;
  }
}
