import { agentProfile } from "../skywalking/agent";
import { compatibility } from "../skywalking/compatibility";
import { oapProfile } from "../skywalking/oap";
import { agentAt, agentSettings, staysAtTo } from "./agent-at";
import { backendService, namespaceOf } from "./backend";
import { needsOtherNamespace } from "./calls";
import { checkBehind } from "./check-behind";
import { checkOap } from "./check-oap";
import { checkPods } from "./check-pods";
import { checkUi } from "./check-ui";
import { checkSharedStorage, checkStorage } from "./storage/check";
import { checkStrategy } from "./check-strategy";
import { checkGates } from "./gates/registry";
import { noOrigin, type Entrance, type Generation, type NamedGeneration, type Service, type Values } from "./config";
import { percentOf } from "./percent";
import { checkAgentConfig, checkInject } from "./inject/check";
import { nameSome } from "./name-some";
import { didYouMean } from "./nearest";
import type { Problem, Report } from "./problem";
import { firstStage, moveOf, parseStageFlag, stageFlagTexts, waveNamed, type StageFlag } from "./stage";
import { workloadText } from "./workload/ref";

/** What could be read of the config; a part that could not is absent and has been reported already. */
export interface ReadParts extends Omit<Partial<Values>, "generations" | "services" | "entrance"> {
  readonly entrance: Entrance | undefined;
  readonly generations: Readonly<Record<string, Generation>>;
  /** Every name that is declared, also of generations that could not be read. */
  readonly generationNames: readonly string[] | undefined;
  readonly services: Readonly<Record<string, Service>>;
  /** Every key that is declared, also of services that could not be read. */
  readonly serviceNames: readonly string[];
}

/** What the checks find for the config's own words; undefined where that has been reported. */
interface Meaning {
  readonly stage: StageFlag | undefined;
  readonly from: NamedGeneration | undefined;
  readonly to: NamedGeneration | undefined;
}

function checkStage({ stage, strategy, waves }: ReadParts, report: Report): StageFlag | undefined {
  if (stage === undefined || strategy === undefined || waves === undefined) return undefined;
  const flag = parseStageFlag(stage, strategy, waves.length);
  if (flag === undefined) {
    const allowed = stageFlagTexts(strategy, waves.length);
    const wave = moveOf(strategy) === "patches" ? waveNamed(stage) : undefined;
    report({
      key: "stage",
      value: stage,
      wrong:
        wave === undefined
          ? `is not a stage of strategy ${strategy}; allowed: ${allowed.join(", ")}`
          : `names wave ${wave}, but \`waves\` has ${String(waves.length)}; allowed: ${allowed.join(", ")}`,
      fix:
        wave === undefined
          ? didYouMean(stage, allowed, `pulumi config set stage ${firstStage}`)
          : "choose one of these, or add the wave to `waves`",
    });
  }
  return flag;
}

function checkRoles(parts: ReadParts, report: Report): void {
  const { strategy, from, to, origin, generationNames, allowReplace = [] } = parts;
  if (generationNames === undefined) return;
  const allowed = generationNames.join(", ");
  const replaced = allowReplace.map((name, index) => [`allowReplace.${String(index)}`, name] as const);
  for (const [key, name] of [...Object.entries({ from, to }), ...replaced]) {
    if (name !== undefined && !generationNames.includes(name)) {
      report({
        key,
        value: name,
        wrong: `is not a declared generation; allowed: ${allowed}`,
        fix: didYouMean(name, generationNames, "declare it under `generations`"),
      });
    }
  }
  if (from !== undefined && from === to && (strategy === undefined || moveOf(strategy) !== "servers")) {
    report({
      key: "to",
      value: to,
      wrong: "is the generation that the upgrade leaves (`from`)",
      fix: "name the generation that it enters",
    });
  }
  if (origin !== undefined && origin !== noOrigin && !generationNames.includes(origin)) {
    report({
      key: "origin",
      value: origin,
      wrong: `is not a declared generation; allowed: ${allowed}, ${noOrigin}`,
      fix: didYouMean(
        origin,
        generationNames,
        `name the generation that the workloads' own manifests point at, or "${noOrigin}" if it is gone`,
      ),
    });
  }
}

function generationOf(name: string | undefined, { generations }: ReadParts): NamedGeneration | undefined {
  const generation = name !== undefined && Object.hasOwn(generations, name) ? generations[name] : undefined;
  return name === undefined || generation === undefined ? undefined : { name, generation };
}

function checkGeneration(name: string, generation: Generation, report: Report): void {
  if (name === noOrigin) {
    report({
      key: `generations.${name}`,
      wrong: `is a reserved word (\`origin: ${noOrigin}\`)`,
      fix: "rename the generation",
    });
  }
  if (!generation.managed) return;
  if (!oapProfile(generation.behavesLike).configuredByEnv) {
    report({
      key: `generations.${name}.version`,
      value: generation.version,
      wrong: "can only be adopted: the image of that release takes no settings from its environment",
      fix: "set `managed: false` and `address`, or choose 6.1.0 or newer",
    });
    return;
  }
  checkStorage(name, generation, report);
  checkOap(name, generation, report);
  checkPods(name, generation, report);
  checkUi(name, generation, report);
}

/** Whether the program tells the agents where to report. */
function isPatched({ strategy }: ReadParts): boolean {
  return strategy !== undefined && moveOf(strategy) === "patches";
}

/** What must differ between two generations, so that their clusters and data do not mix. */
function checkPair(parts: ReadParts, report: Report): void {
  const { generations } = parts;
  const entries = Object.entries(generations);
  for (const [index, [a, first]] of entries.entries()) {
    for (const [b, second] of entries.slice(index + 1)) {
      if (backendService(a, first) === backendService(b, second)) {
        const [adopted, other] = second.managed ? [a, b] : [b, a];
        report({
          key: `generations.${adopted}.address`,
          value: backendService(b, second),
          wrong: `is the address of ${other}`,
          fix: "give each generation an address of its own",
        });
      }
      if (!first.managed || !second.managed) continue;
      if (namespaceOf(a, first) === namespaceOf(b, second) && (first.createNamespace || second.createNamespace)) {
        report({
          key: `generations.${b}.namespace`,
          value: namespaceOf(b, second),
          wrong: `is the Kubernetes namespace of ${a} too; the program creates only a namespace that a single generation uses`,
          fix: "choose another, or create it yourself and set `createNamespace: false` in both",
        });
      }
      checkSharedStorage([a, first], [b, second], report);
    }
  }
}

/** Calls between services that report to different backends must not be joined, where agents can keep them apart. */
function checkAgentNamespaces(parts: ReadParts, report: Report): void {
  const [from, to] = [generationOf(parts.from, parts), generationOf(parts.to, parts)];
  if (!isPatched(parts) || from === undefined || to === undefined || from.name === to.name) return;
  const mixed = Object.values(parts.services).filter((service) => needsOtherNamespace(service, from, to));
  if (mixed.length === 0) return;
  const { agentNamespace } = to.generation;
  const who = nameSome(mixed.map(({ key }) => key));
  report({
    key: `generations.${to.name}.agentNamespace`,
    value: agentNamespace === "" ? undefined : agentNamespace,
    wrong: `is ${agentNamespace === "" ? "missing, as in" : "the same as that of"} ${from.name}, and the agents of ${who} keep the traces of two backends apart by it`,
    fix: "choose another, e.g. the generation's name",
  });
}

/** Generations whose agent namespace has already been reported as too long: once is enough for all services. */
type Reported = Set<string>;

function checkAgent(name: string, service: Service, parts: ReadParts, tooLong: Reported, report: Report): void {
  const { language } = service.agent;
  const isMoved = isPatched(parts);
  // Strategies that leave agents alone tell them nothing.
  const canBeTold = isMoved && checkInject(name, service, report);
  const { origin } = service;
  const problems = new Map<string, Problem>();
  for (const role of ["from", "to"] as const) {
    const named = generationOf(parts[role], parts);
    if (named === undefined) continue;
    const { name: generationName, generation } = named;
    if (isMoved) checkBehind(name, service, [named], report);
    if (canBeTold && generationName !== origin) {
      const settings = agentSettings(service, named, parts.generations);
      checkAgentConfig(name, service, settings, (problem) => problems.set(`${problem.key} ${problem.wrong}`, problem));
    }
    if (isMoved) {
      if (role === "from" && staysAtTo(service, generation, origin === parts.to)) continue;
    } else if (role === "to") {
      // Strategies that leave agents alone have their own check of where those agents go.
      continue;
    }
    const agent = agentAt(service, generation, generationName === origin);
    const verdict = compatibility(agent, generation.behavesLike);
    if (verdict.verdict !== "ok") {
      const remedy =
        verdict.verdict === "impossible"
          ? "this service cannot take part in the upgrade"
          : language !== "java"
            ? `have its owner upgrade the agent, and correct the release here; releases that can: ${verdict.releases}`
            : `set generations.${generationName}.agents.${language}.release to one that can: ${verdict.releases}`;
      report({
        key: `services.${name}.agent.release`,
        value: agent.release,
        wrong: `cannot report to ${generationName} (OAP ${generation.version}): ${verdict.reason}`,
        fix: generationName === origin ? "correct the agent that the workload brings, or the service's origin" : remedy,
      });
    }
    const limit = agentProfile(agent).namespaceMaxLength;
    const agentNamespace = generation.agentNamespace;
    if (
      limit !== undefined &&
      generationName !== origin &&
      agentNamespace.length > limit &&
      !tooLong.has(generationName)
    ) {
      tooLong.add(generationName);
      report({
        key: `generations.${generationName}.agentNamespace`,
        value: agentNamespace,
        wrong: `is longer than ${String(limit)} characters, and the ${language} agent ${agent.release} (${name}, for example) silently truncates it`,
        fix: "shorten it",
      });
    }
  }
  for (const problem of problems.values()) report(problem);
}

function checkServices(parts: ReadParts, report: Report): void {
  const workloads = new Map<string, string>();
  const tooLong: Reported = new Set();
  const generationNames = parts.generationNames;
  for (const [name, service] of Object.entries(parts.services)) {
    const workload = workloadText(service);
    const other = workloads.get(workload);
    if (other !== undefined) {
      report({
        key: `services.${name}`,
        wrong: `is the same workload as services.${other} (${workload})`,
        fix: "remove one of them",
      });
    }
    workloads.set(workload, name);
    if (
      service.origin !== parts.origin && // which is checked by itself
      service.origin !== noOrigin &&
      generationNames?.includes(service.origin) === false
    ) {
      report({
        key: `services.${name}.origin`,
        value: service.origin,
        wrong: `is not a declared generation; allowed: ${[...generationNames, noOrigin].join(", ")}`,
        fix: didYouMean(service.origin, generationNames, "name the generation that its manifest points at"),
      });
    }
    checkAgent(name, service, parts, tooLong, report);
  }
}

function checkWaves({ waves = [], serviceNames }: ReadParts, report: Report): void {
  const seen = new Map<string, number>();
  let share = 0;
  for (const [index, wave] of waves.entries()) {
    const at = `waves.${String(index)}`;
    if (typeof wave === "string") {
      if (percentOf(wave) <= share) {
        report({
          key: at,
          value: wave,
          wrong: `moves nobody: an earlier wave reaches ${String(share)}% of all services already`,
          fix: "write shares that grow, e.g. 10%, 50%, 100%",
        });
      }
      share = Math.max(share, percentOf(wave));
      continue;
    }
    if ("selector" in wave) continue;
    if (wave.length === 0) {
      report({ key: at, wrong: "is empty", fix: "name at least one service or remove the wave" });
    }
    for (const [place, name] of wave.entries()) {
      const key = `${at}.${String(place)}`;
      const before = seen.get(name);
      if (before !== undefined) {
        report({ key, value: name, wrong: `is in wave ${String(before + 1)} already`, fix: "name it once" });
      } else if (!serviceNames.includes(name)) {
        report({
          key,
          value: name,
          wrong: "is not a declared service",
          fix: didYouMean(name, serviceNames, "declare it under `services`"),
        });
      }
      seen.set(name, before ?? index);
    }
  }
}

function checkCalls({ calls = [], serviceNames }: ReadParts, report: Report): void {
  for (const [index, { caller, callee }] of calls.entries()) {
    for (const name of [caller, callee].filter((each) => !serviceNames.includes(each))) {
      report({
        key: `calls.${String(index)}`,
        value: name,
        wrong: "is not a declared service",
        fix: didYouMean(name, serviceNames, "declare it under `services`, or remove the call"),
      });
    }
  }
}

/**
 * Checks what the schema of one key cannot see.
 *
 * @returns what stage, `from` and `to` name
 */
export function checkConfig(parts: ReadParts, report: Report): Meaning {
  const { strategy, entrance, gates } = parts;
  const stage = checkStage(parts, report);
  checkRoles(parts, report);
  for (const [name, generation] of Object.entries(parts.generations)) checkGeneration(name, generation, report);
  checkPair(parts, report);
  checkAgentNamespaces(parts, report);
  checkServices(parts, report);
  checkWaves(parts, report);
  checkCalls(parts, report);
  const [from, to] = [generationOf(parts.from, parts), generationOf(parts.to, parts)];
  if (strategy !== undefined && from !== undefined && to !== undefined) {
    checkStrategy({ strategy, from, to, entrance, services: Object.entries(parts.services) }, report);
  }
  if (gates !== undefined) checkGates(gates, report);
  return { stage, from, to };
}
