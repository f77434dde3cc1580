import { ConfigError, describeProblem, type Problem } from "../../upgrade/problem";
import { decide } from "../../upgrade/decide";
import { madeByAnother } from "../../upgrade/workload/maker";
import { workloadKey } from "../../upgrade/workload/ref";
import { readConfig } from "../../upgrade/read-config";
import type { Config } from "../../upgrade/config";
import { firstStage } from "../../upgrade/stage";
import type { Proposal } from "./proposal";

type RawConfig = Readonly<Record<string, unknown>>;

/** The proposal that a problem belongs to. A service's key may itself contain dots. */
function ownerOf({ key }: Problem, proposals: readonly Proposal[]): Proposal | undefined {
  return proposals.find((proposal) => {
    const prefix = `services.${proposal.key}`;
    return key === prefix || key.startsWith(`${prefix}.`);
  });
}

function withQuestions(proposal: Proposal, questions: readonly string[]): Proposal {
  return { ...proposal, questions: [...proposal.questions, ...questions] };
}

/** The problems of one service, without its path. */
function questionsOf(proposal: Proposal, problems: readonly Problem[], all: readonly Proposal[]): string[] {
  return problems
    .filter((problem) => ownerOf(problem, all) === proposal)
    .map((problem) =>
      describeProblem(problem)
        .replace(`services.${proposal.key}`, "")
        .replace(/^[.:]\s*/, ""),
    );
}

/** Runs a check; problems of a proposal become its questions. */
function orQuestions<Result>(
  proposals: readonly Proposal[],
  check: () => Result,
): { readonly result: Result } | { readonly questioned: readonly Proposal[] } {
  try {
    return { result: check() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const others = error.problems.filter((problem) => ownerOf(problem, proposals) === undefined);
    if (others.length > 0) throw new ConfigError(others);
    return {
      questioned: proposals.map((proposal) =>
        withQuestions(proposal, questionsOf(proposal, error.problems, proposals)),
      ),
    };
  }
}

/** The stack's config with only these services, at the stage where each still reports to its origin. */
function configWith(raw: RawConfig, services: readonly Proposal[]): RawConfig {
  return {
    ...raw,
    stage: firstStage,
    waves: [],
    calls: [],
    services: Object.fromEntries(services.map(({ key, entry }) => [key, entry])),
  };
}

/** Services that an update at `baseline` would change. */
function touched(config: Config, proposals: readonly Proposal[]): ReadonlySet<string> {
  const workloads = new Map(proposals.map(({ workload }) => [workloadKey(workload), workload]));
  const { patches } = decide(config, { present: new Map(), workloads, configMaps: new Map() });
  return new Set(
    patches.waves
      .flat()
      .filter(({ patch }) => !patch.isApplied)
      .map(({ planned }) => planned.key),
  );
}

/** A controller that would undo the move is a question too: at `baseline` the program only warns of it. */
function withMaker(proposal: Proposal): Proposal {
  const made = madeByAnother(proposal.workload);
  return made === undefined ? proposal : withQuestions(proposal, [`${made.wrong} -> ${made.fix}`]);
}

/**
 * Asks the program itself whether it accepts the proposals: each must load, be movable to `to`, and be left alone at
 * `baseline`. If one fails, the reason becomes a question of that proposal.
 *
 * @throws ConfigError with the problems of the rest of the stack's config
 */
export function checkProposals(raw: RawConfig, given: readonly Proposal[]): Proposal[] {
  const proposals = given.map(withMaker);
  const open = proposals.filter(({ questions }) => questions.length > 0);
  let fit = proposals.filter(({ questions }) => questions.length === 0);
  const questioned: Proposal[] = [];
  for (;;) {
    const candidates = fit;
    const outcome = orQuestions(candidates, () => touched(readConfig(configWith(raw, candidates)), candidates));
    if ("result" in outcome) {
      const moved = candidates.map((proposal) =>
        outcome.result.has(proposal.key)
          ? withQuestions(proposal, [
              "an update at stage baseline would restart its pods, since it does not report there",
            ])
          : proposal,
      );
      const checked = new Map([...open, ...questioned, ...moved].map((proposal) => [proposal.key, proposal]));
      return proposals.map((proposal) => checked.get(proposal.key) ?? proposal);
    }
    questioned.push(...outcome.questioned.filter(({ questions }) => questions.length > 0));
    fit = outcome.questioned.filter(({ questions }) => questions.length === 0);
  }
}
