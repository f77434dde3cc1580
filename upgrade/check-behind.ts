import { compatibility } from "../skywalking/compatibility";
import type { NamedGeneration, Service } from "./config";
import type { Report } from "./problem";

/** Agents behind a Satellite report where it does. */
export function checkBehind(
  key: string,
  { behind = [] }: Service,
  generations: readonly NamedGeneration[],
  report: Report,
): void {
  for (const [index, agent] of behind.entries()) {
    for (const { name, generation } of generations) {
      const verdict = compatibility(agent, generation.behavesLike);
      if (verdict.verdict === "ok") continue;
      report({
        key: `services.${key}.behind.${String(index)}.release`,
        value: agent.release,
        wrong: `cannot report to ${name} (OAP ${generation.version}): ${verdict.reason}`,
        fix: "have its owner upgrade that agent first",
      });
    }
  }
}
