import { agentProfile } from "../skywalking/agent";
import { compatibility, storageCompatible } from "../skywalking/compatibility";
import { oapProfile } from "../skywalking/oap";
import { inNextRelease, namespaceOf } from "./backend";
import type { Entrance, NamedGeneration, Service } from "./config";
import type { Report } from "./problem";
import { moveOf, type Move, type Strategy } from "./stage";
import { storageRef } from "./storage/storage";

/** What the checks of a strategy read; roles that could not be read have been reported already. */
export interface StrategyParts {
  readonly strategy: Strategy;
  readonly from: NamedGeneration;
  readonly to: NamedGeneration;
  readonly entrance: Entrance | undefined;
  readonly services: readonly (readonly [key: string, service: Service])[];
}

function checkEntrance({ from, to, entrance }: StrategyParts, report: Report): void {
  if (entrance === undefined) {
    report({
      key: "entrance",
      wrong:
        "is missing: strategy hot-reboot needs one stable address, and agents must point at it before the upgrade begins",
      fix: "set entrance.namespace and entrance.name",
    });
    return;
  }
  for (const { name, generation } of [from, to]) {
    if (!generation.managed) {
      if (generation.podLabels === undefined) {
        report({
          key: `generations.${name}.podLabels`,
          wrong: "is missing: the entrance finds the OAP pods of an adopted generation by their labels",
          fix: "set it to labels that all of them and no other pods have",
        });
      }
    } else if (namespaceOf(name, generation) !== entrance.namespace) {
      report({
        key: `generations.${name}.namespace`,
        value: namespaceOf(name, generation),
        wrong: `is not that of the entrance (${entrance.namespace}), and a Service only leads to pods in its own namespace`,
        fix: `set it to ${entrance.namespace}, with createNamespace: false in both generations`,
      });
    }
  }
}

function checkHotReboot(parts: StrategyParts, report: Report): void {
  const { from, to, services } = parts;
  checkEntrance(parts, report);
  const leaves = oapProfile(from.generation.behavesLike, from.generation.version);
  const enters = oapProfile(to.generation.behavesLike, to.generation.version);
  if (leaves.protocol !== enters.protocol) {
    report({
      key: "strategy",
      value: parts.strategy,
      wrong: `is impossible from ${leaves.release} to ${enters.release}: their agents speak different protocols (${leaves.protocol}, ${enters.protocol}) and a running agent cannot change its protocol`,
      fix: "use strategy canary and upgrade the agents",
    });
    return;
  }
  if (enters.protocol === "v2" && !(leaves.resetsUnknownAgents && enters.resetsUnknownAgents)) {
    report({
      key: "strategy",
      value: parts.strategy,
      wrong: `is impossible from ${leaves.release} to ${enters.release}: agents register again only if both OAPs are 6.3.0 or newer`,
      fix: "use strategy canary",
    });
    return;
  }
  checkSameAccess(from, to, report);
  for (const [key, service] of services) {
    const { reRegisters } = agentProfile(service.agent);
    const problem =
      reRegisters.kind === "never"
        ? "does not register again with an OAP that does not know it"
        : reRegisters.kind === "on reset command"
          ? reRegisters.knownProblem
          : undefined;
    if (problem !== undefined) {
      report({
        key: `services.${key}.agent.release`,
        value: service.agent.release,
        wrong: `cannot stay for a hot reboot: ${problem}`,
        fix: "upgrade that agent first (6.5.0 or newer), or use strategy canary",
      });
    }
    checkStays(key, service, to, report);
  }
}

/** Agents that are not told anything send the token that they have always sent, and use TLS or not. */
function checkSameAccess(from: NamedGeneration, to: NamedGeneration, report: Report): void {
  for (const key of ["token", "tls"] as const) {
    const [before, after] = [from.generation[key], to.generation[key]];
    const same = key === "token" ? before === after : (before === undefined) === (after === undefined);
    if (same) continue;
    report({
      key: `generations.${to.name}.${key}`,
      wrong: `differs from that of ${from.name}, and a hot reboot does not reconfigure agents`,
      fix: "use the same in both, or strategy canary",
    });
  }
}

/** The agents stay as they are, so each must be one that the OAP takes. */
function checkStays(key: string, service: Service, to: NamedGeneration, report: Report): void {
  const verdict = compatibility(service.agent, to.generation.behavesLike);
  if (verdict.verdict === "ok") return;
  report({
    key: `services.${key}.agent.release`,
    value: service.agent.release,
    wrong: `cannot report to ${to.name} (OAP ${to.generation.version}): ${verdict.reason}`,
    fix: "use strategy canary, which can upgrade agents",
  });
}

function checkInPlace({ from, to, services }: StrategyParts, report: Report): void {
  if (from.name !== to.name) {
    report({
      key: "to",
      value: to.name,
      wrong: `is not ${from.name}: strategy in-place upgrades one generation in place`,
      fix: `set it to ${from.name}, and generations.${from.name}.inPlace.version to the new release`,
    });
    return;
  }
  const { name, generation } = from;
  if (!generation.managed) {
    report({
      key: `generations.${name}.managed`,
      value: false,
      wrong: "is not allowed with strategy in-place: the program does not touch what it does not manage",
      fix: "upgrade its OAP with the tool that installed it, or use strategy canary",
    });
    return;
  }
  if (generation.inPlace === undefined) {
    report({
      key: `generations.${name}.inPlace`,
      wrong: "is missing: strategy in-place must know the release to upgrade to",
      fix: `set generations.${name}.inPlace.version`,
    });
    return;
  }
  const next = inNextRelease(generation);
  const { version, behavesLike } = next;
  const profile = oapProfile(behavesLike, version);
  if (!profile.configuredByEnv) {
    report({
      key: `generations.${name}.inPlace.version`,
      value: version,
      wrong: "cannot be deployed: the image of that release takes no settings from its environment",
      fix: "choose 6.1.0 or newer",
    });
    return;
  }
  const storage = storageCompatible(generation.behavesLike, behavesLike, storageRef(generation).kind);
  if (!storage.compatible) {
    report({
      key: `generations.${name}.inPlace.version`,
      value: version,
      wrong: `cannot start on the storage of ${generation.version}: ${storage.reason}`,
      fix: "use strategy hot-reboot or canary, which bring a new storage",
    });
  }
  const support = profile.supportsStorage(storageRef(generation));
  if (!support.supported) {
    report({
      key: `generations.${name}.inPlace.version`,
      value: version,
      wrong: `cannot use the storage: ${support.reason}; allowed: ${support.allowed}`,
      fix: "upgrade the storage first, or use strategy canary",
    });
  }
  for (const [key, service] of services) checkStays(key, service, { name, generation: next }, report);
}

const checks: Readonly<Record<Move, (parts: StrategyParts, report: Report) => void>> = {
  patches: () => undefined,
  entrance: checkHotReboot,
  servers: checkInPlace,
};

/** Checks what one strategy asks beyond the others. */
export function checkStrategy(parts: StrategyParts, report: Report): void {
  checks[moveOf(parts.strategy)](parts, report);
}
