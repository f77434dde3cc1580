import { nameSome } from "../../upgrade/name-some";
import type { Call } from "../../upgrade/schema/call";
import { table } from "../terminal/table";
import type { CallGraph } from "./call-graph";
import { alphabetical, crossingPerWave } from "./propose";

/** The proposal beside alphabetical order in waves of the same sizes. */
export function wavesTable(waves: readonly (readonly string[])[], calls: readonly Call[]): string {
  const byName = crossingPerWave(alphabetical(waves), calls);
  const crossing = crossingPerWave(waves, calls);
  return table(
    ["STAGE", "MOVES", "CALLS THAT CROSS", "IN ALPHABETICAL ORDER", "SERVICES"],
    waves.map((wave, index) => [
      `canary-${index + 1}`,
      String(wave.length),
      String(crossing[index]),
      String(byName[index]),
      nameSome(wave),
    ]),
  );
}

/** What only the topology or only the config has. */
export function remarks({ unlisted, unseen }: CallGraph, generation: string): string[] {
  return [
    ...(unlisted.length === 0
      ? []
      : [
          `Report to ${generation}, but no config lists them, so they would go dark at \`drain\`:`,
          ...unlisted.map(
            ({ name, neighbours }) =>
              `  - ${name}${neighbours.length === 0 ? "" : ` (calls or is called by ${nameSome(neighbours)})`}`,
          ),
        ]),
    ...(unseen.length === 0
      ? []
      : [`In the config, but in no call that ${generation} has seen, so they move early: ${nameSome(unseen)}`]),
  ];
}
