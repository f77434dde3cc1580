/**
 * `npm test`: every check and test of the project, one after another, ending with `N passed, N failed`; with `--real`,
 * also those on a cluster with real pods. `npm run test:real`: only those.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";

import { figuresVariable } from "../../test/real/figures";
import { timesVariable } from "../../test/times/measured";
import { missingRequirements } from "../real-cluster/requirements";
import {
  elasticsearchToolNames,
  oldestCli,
  programToolNames,
  realClusterTools,
  type ToolName,
} from "../toolchain/tools";
import { watchProcessors } from "./processors";
import { runShown } from "./shown";
import { describeTimes, readTimes, recordDurations } from "./times";

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Step {
  readonly name: string;
  readonly run: () => Promise<Count>;
}

/** The output of `jest --json`, as far as it is read here. */
interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-test-"));
const times = join(folder, "times.jsonl");

const passed: Count = { passed: 1, failed: 0, skipped: 0 };
const failed: Count = { passed: 0, failed: 1, skipped: 0 };

/** A check that passes or fails as a whole. */
const check =
  (command: string, ...args: readonly string[]): Step["run"] =>
  async () => {
    if ((await runShown(command, args, {})) === 0) return passed;
    console.log(`failed: ${[command, ...args].join(" ")}`);
    return failed;
  };

/**
 * Tests of some Jest projects. A suite that cannot be loaded, or coverage below its threshold, counts as one failure.
 */
const jest =
  (projects: readonly string[], env: Readonly<Record<string, string>>, ...args: readonly string[]): Step["run"] =>
  async () => {
    const report = join(folder, `${projects.join("-")}.json`);
    const command = ["--selectProjects", ...projects, "--json", `--outputFile=${report}`, ...args];
    const code = await runShown("jest", command, { ...env, [timesVariable]: times });
    if (!existsSync(report)) return failed;
    const result = JSON.parse(readFileSync(report, "utf8")) as JestResult;
    const broken = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      failed: code !== 0 && broken === 0 ? 1 : broken,
      skipped: result.numPendingTests,
    };
  };

/** Runs several steps at the same time. */
const together =
  (...runs: readonly Step["run"][]): Step["run"] =>
  async () =>
    (await Promise.all(runs.map((run) => run()))).reduce(sum);

/** Runs several steps one after another; a failure does not stop them. */
const inOrder =
  (...runs: readonly Step["run"][]): Step["run"] =>
  async () => {
    const counts: Count[] = [];
    for (const run of runs) counts.push(await run());
    return counts.reduce(sum);
  };

/** Test files that mostly wait until the windows and timeouts of gates are over. */
const waiting = "cluster/(.*-)?gates\\.test";

/** The tools that the tests run: built together before any test, whose time would otherwise run out. */
const toolsFor = (names: readonly ToolName[]): Step => ({
  name: "tools",
  run: check("tsx", "tools/toolchain", ...names),
});

const simulatedTools: readonly ToolName[] = [...programToolNames, ...elasticsearchToolNames, oldestCli];
const realTools = (): readonly ToolName[] => (missingRequirements().length === 0 ? realClusterTools : []);

const simulated: readonly Step[] = [
  {
    name: "lint, types, import cycles, format, generated documents, the newest @pulumi/kubernetes",
    run: together(
      check("eslint", ".", "--max-warnings", "0"),
      inOrder(
        check("npm", "run", "--silent", "types"),
        check("depcruise", "."),
        check("prettier", "--check", "--log-level", "warn", "."),
        check("tsx", "tools/compatibility", "--check"),
        check("tsx", "tools/test/newest-kubernetes.ts"),
      ),
    ),
  },
  {
    name: "unit and components",
    run: jest(["unit", "components"], {}, "--coverage", "--coverageReporters=text-summary"),
  },
  {
    name: "commands, tools and cluster",
    // One worker per processor: with more, some tests would time out on a busy machine. The tests that mostly wait have
    // another worker, so that they leave no processor idle. An open connection must not keep Jest from ending when the
    // tests of gates are done.
    run: together(
      jest(
        ["commands", "tools", "cluster"],
        {},
        "--maxWorkers=2",
        "--forceExit",
        `--testPathIgnorePatterns=${waiting}`,
      ),
      jest(["cluster"], {}, "--runInBand", "--forceExit", `--testPathPatterns=${waiting}`),
    ),
  },
];

/**
 * Where it cannot run, its tests are counted as skipped.
 *
 * @param figures - whether what they measure is written into docs/real-run.md
 */
const real = (figures: boolean): readonly Step[] => [
  {
    name: "start and end of a cluster with real pods",
    run: () => {
      for (const problem of missingRequirements()) console.log(`skipped: ${problem}`);
      return jest(["real-cluster"], {}, "--runInBand")();
    },
  },
  {
    name: "upgrades on real pods",
    // Side by side, because they mostly wait; one after another where they would disturb each other's figures.
    run: figures
      ? jest(["real"], { [figuresVariable]: "write" }, "--runInBand")
      : jest(["real"], {}, "--maxWorkers=2", "--forceExit"),
  },
];

function sum(one: Count, other: Count): Count {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

async function runAll(steps: readonly Step[], record: boolean): Promise<void> {
  let total: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, run } of steps) {
    const start = Date.now();
    const processors = watchProcessors();
    console.log(`\n== ${name}`);
    const count = await run();
    const seconds = Math.round((Date.now() - start) / 1000);
    console.log(`== ${name}: ${count.passed} passed, ${count.failed} failed, ${seconds} s, ${processors()}`);
    total = sum(total, count);
  }
  const measured = readTimes(times);
  console.log(`\n${describeTimes(measured)}`);
  if (record) recordDurations(measured);
  rmSync(folder, { recursive: true });
  const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed === 0 && total.passed + total.skipped > 0 ? 0 : 1;
}

void new Command("npm test --")
  .option("--real", "also run the tests on a cluster with real pods", false)
  .option("--only-real", "run only the tests on a cluster with real pods", false)
  .option("--record", "record how long each file took, so that the longest run first", false)
  .action((options: { real: boolean; onlyReal: boolean; record: boolean }) => {
    const { real: withReal, onlyReal, record } = options;
    if (onlyReal) return runAll([toolsFor([...programToolNames, ...realTools()]), ...real(true)], record);
    if (withReal) return runAll([toolsFor([...simulatedTools, ...realTools()]), ...simulated, ...real(false)], record);
    return runAll([toolsFor(simulatedTools), ...simulated], record);
  })
  .parseAsync();
