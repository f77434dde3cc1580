import { writeFigures } from "../../tools/figures";

/** Set where the tests have the machine to themselves. */
export const figuresVariable = "SKYWALKING_CANARY_TEST_FIGURES";

/** Writes what was measured into docs/real-run.md, unless other tests ran beside. */
export async function writeRealFigures(name: string, text: string): Promise<void> {
  if (process.env[figuresVariable] !== undefined) await writeFigures("real-run.md", name, text);
}
