import { nameSome } from "../../upgrade/name-some";
import type { Adoption } from "./adopt";

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

/** What was found, for the terminal. */
export function summary({ proposals, withoutAgent, configured }: Adoption, file: string | undefined): string {
  const open = proposals.filter(({ questions }) => questions.length > 0);
  return [
    `${count(proposals.length - open.length, "service")} can be taken over as found${file === undefined ? "" : `, and ${proposals.length - open.length === 1 ? "is" : "are"} in ${file}`}.`,
    ...(open.length === 0
      ? []
      : [
          `${count(open.length, "service")} with open questions, written as comments: ${nameSome(open.map(({ key }) => key))}.`,
          ...open.flatMap(({ key, questions }) => questions.map((question) => `  - ${key}: ${question}`)),
        ]),
    ...(configured.length === 0 ? [] : [`In the config already: ${nameSome(configured)}.`]),
    ...(withoutAgent.length === 0
      ? []
      : [
          `Nothing speaks of an agent in: ${nameSome(withoutAgent)}. An image cannot be seen: if one of them brings an agent that it configures by itself, add that service by hand.`,
        ]),
  ].join("\n");
}
