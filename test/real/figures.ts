import { writeFigures } from "../../tools/figures";

/** Set by `npm run test:real`. */
export const figuresVariable = "SKYWALKING_CANARY_TEST_FIGURES";

/** Writes what was measured into docs/real-run.md if this run is meant to. */
export async function writeRealFigures(name: string, text: string): Promise<void> {
  if (process.env[figuresVariable] !== undefined) await writeFigures("real-run.md", name, text);
}
