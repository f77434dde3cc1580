/** `npm start`: a whole upgrade on a local cluster, stage by stage, with the real CLI. */
import { Command } from "commander";

import { demo } from "./demo";
import { explain } from "./failure";
import { Interrupted, onInterrupt } from "./interruption";
import type { DemoOptions } from "./scene";

const program = new Command("npm start --")
  .description(
    "Upgrades a sample SkyWalking installation on a local cluster with simulated pods, one stage after the other.",
  )
  .option("--stage <stage>", "stop after this stage: baseline, provision, canary, canary-2, ..., shift, drain, retire")
  .option("--keep", "keep cluster and stack at the end, and print how to look at them", false)
  .option("--kubeconfig <file>", "use this cluster instead of a local one (its pods have to be simulated, too)")
  .option("--context <context>", "use this context's cluster instead of a local one")
  .action(async (options: DemoOptions) => {
    await demo(options, onInterrupt());
  });

program.parseAsync().catch((error: unknown) => {
  if (error instanceof Interrupted) {
    process.exitCode = error.exitCode;
    return;
  }
  process.exitCode = 1;
  console.error(`\n✖ ${explain(error)}`);
});
