import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { agentFacts, agentLanguages, type AgentLanguage } from "../../skywalking/agent";
import type { LanguageHints } from "../../skywalking/agent/facts";

/** The language that a word reveals. */
export function languageBy(hint: keyof LanguageHints, word: string): AgentLanguage | undefined {
  return agentLanguages.find((language) => {
    const hints: LanguageHints = agentFacts[language].recognisedBy;
    return hints[hint]?.test(word);
  });
}

/** The language of a container's program, by its command, variables and image; undefined when none of them tells. */
export function languageByCommand({
  command = [],
  args = [],
  env = [],
  image = "",
}: V1Container): AgentLanguage | undefined {
  // A shell's command line is a single word of the list.
  const words = [...command, ...args].flatMap((word) => word.split(/\s+/)).map((word) => word.replace(/^.*\//, ""));
  const first = words.map((word) => languageBy("commands", word)).find((language) => language !== undefined);
  const byVariable = env.map(({ name }) => languageBy("variables", name)).find((language) => language !== undefined);
  return first ?? byVariable ?? languageBy("images", image);
}
