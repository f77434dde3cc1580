/**
 * `npm test`: every check and test of the project, one after another, closed by `N passed, N failed`; with `--real` also those
 * on a cluster with real pods, which take 25 minutes. `npm run test:real`: those alone.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";

import { missingRequirements } from "../real-cluster/requirements";

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Step {
  readonly name: string;
  readonly run: () => Promise<Count>;
}

/** What `jest --json` writes, as far as it is read here. */
interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-test-"));

/** Runs a program of node_modules and shows what it prints. */
async function failed(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(join("node_modules", ".bin", command), args, { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(child, "close")) as [number | null];
  return code !== 0;
}

/** A check that passes or fails as a whole. */
async function check(command: string, args: readonly string[]): Promise<Count> {
  return (await failed(command, args)) ? { passed: 0, failed: 1, skipped: 0 } : { passed: 1, failed: 0, skipped: 0 };
}

/** Tests of some Jest projects. A suite that cannot be loaded, or coverage under its threshold, counts as one failure. */
async function jest(projects: readonly string[], ...args: readonly string[]): Promise<Count> {
  const report = join(folder, `${projects.join("-")}.json`);
  const notGreen = await failed("jest", ["--selectProjects", ...projects, "--json", `--outputFile=${report}`, ...args]);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(report, "utf8")) as JestResult;
  const broken = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: notGreen && broken === 0 ? 1 : broken,
    skipped: result.numPendingTests,
  };
}

const steps: readonly Step[] = [
  { name: "types", run: () => check("tsc", ["--noEmit"]) },
  { name: "lint", run: () => check("eslint", [".", "--max-warnings", "0"]) },
  { name: "circles of files", run: () => check("depcruise", ["."]) },
  { name: "format", run: () => check("prettier", ["--check", "--log-level", "warn", "."]) },
  { name: "generated documents", run: () => check("tsx", ["tools/compatibility", "--check"]) },
  {
    name: "unit and components",
    run: () => jest(["unit", "components"], "--coverage", "--coverageReporters=text-summary"),
  },
  { name: "tools", run: () => jest(["tools"], "--runInBand") },
  // A connection that is left open must not keep a gate whose tests are done from ending.
  { name: "cluster", run: () => jest(["cluster"], "--runInBand", "--forceExit") },
];

/** Where it cannot run, its tests are counted as skipped. */
const real: Step = {
  name: "real",
  run: () => {
    for (const problem of missingRequirements()) console.log(`skipped: ${problem}`);
    return jest(["real"], "--runInBand");
  },
};

async function runAll(steps: readonly Step[]): Promise<void> {
  let total: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, run } of steps) {
    const start = Date.now();
    console.log(`\n== ${name}`);
    const count = await run();
    console.log(
      `== ${name}: ${count.passed} passed, ${count.failed} failed, ${Math.round((Date.now() - start) / 1000)} s`,
    );
    total = {
      passed: total.passed + count.passed,
      failed: total.failed + count.failed,
      skipped: total.skipped + count.skipped,
    };
  }
  rmSync(folder, { recursive: true });
  const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed === 0 && total.passed + total.skipped > 0 ? 0 : 1;
}

void new Command("npm test --")
  .option("--real", "also the tests on a cluster with real pods", false)
  .option("--only-real", "the tests on a cluster with real pods alone", false)
  .action((options: { real: boolean; onlyReal: boolean }) =>
    runAll(options.onlyReal ? [real] : options.real ? [...steps, real] : steps),
  )
  .parseAsync();
