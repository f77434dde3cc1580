/**
 * Describes tests that need what a machine may lack. Where it does they are skipped, counted, and say why in their
 * name.
 *
 * @param reason - what is missing; undefined where nothing is
 */
export function describeUnless(reason: string | undefined, name: string, tests: () => void): void {
  if (reason === undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: ${reason})`, tests);
}
