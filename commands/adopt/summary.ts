import { nameSome } from "../../upgrade/name-some";
import type { Adoption } from "./adopt";
import { plural } from "../../upgrade/plural";

/** What was found, for the terminal. */
export function summary({ proposals, withoutAgent, configured }: Adoption, file: string | undefined): string {
  const open = proposals.filter(({ questions }) => questions.length > 0);
  return [
    `${plural(proposals.length - open.length, "service")} can be taken over as found${file === undefined ? "" : `, and ${proposals.length - open.length === 1 ? "is" : "are"} in ${file}`}.`,
    ...(open.length === 0
      ? []
      : [
          `${plural(open.length, "service")} with open questions, written as comments: ${nameSome(open.map(({ key }) => key))}.`,
          ...open.flatMap(({ key, questions }) => questions.map((question) => `  - ${key}: ${question}`)),
        ]),
    ...(configured.length === 0 ? [] : [`In the config already: ${nameSome(configured)}.`]),
    ...(withoutAgent.length === 0
      ? []
      : [
          `No sign of an agent in: ${nameSome(withoutAgent)}. Images cannot be inspected: if one of them contains an agent that it configures by itself, add that service by hand.`,
        ]),
  ].join("\n");
}
