import { missingRequirements } from "../../tools/real-cluster/requirements";

/** Runs its tests where a cluster with real pods can run; elsewhere they are counted as skipped. */
export const describeReal = missingRequirements().length === 0 ? describe : describe.skip;

let broken: string | undefined;

/** A test that continues from the previous one: if that failed, this one fails at once and says so. */
export function chapter(name: string, act: () => Promise<void>): void {
  test(name, async () => {
    if (broken !== undefined) throw new Error(`not run, because this failed: ${broken}`);
    broken = name;
    await act();
    broken = undefined;
  });
}
