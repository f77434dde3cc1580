import { join } from "node:path";

import { CommandError, run } from "../../commands/stack/run";

/** The cluster's own commands: `npm run real -- up` and `down`. */
export async function realCluster(command: "up" | "down"): Promise<void> {
  const done = await run(process.execPath, ["--import", "tsx", "tools/real-cluster", command], {
    cwd: join(__dirname, "..", ".."),
    env: process.env,
  });
  if (done.code !== 0) throw new CommandError(`npm run real -- ${command}`, done);
}
