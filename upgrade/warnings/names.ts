import { adapterPrefix, labelsFor, selectedService } from "../../skywalking/metrics-adapter";
import {
  matchesOnly,
  renamedEntity,
  rulesOfDynamicKey,
  rulesOfFile,
  type ServiceRule,
} from "../../skywalking/oap/service-rules";
import { needsOtherNamespace } from "../calls";
import type { Config } from "../config";
import { nameSome } from "../name-some";
import type { Autoscalers } from "../observed";
import { renamesOf, type Rename } from "../renames";
import type { Workload } from "../workload/workload";
import { aboutServices, type Warning } from "./warning";

/** What the warnings about names are made from. */
export interface NamesContext {
  readonly config: Config;
  readonly workloads: ReadonlyMap<string, Workload>;
  /** What there is in the namespaces of the services; read only where a name changes. */
  readonly autoscalers: Autoscalers;
  /** The services that report to `to`. */
  readonly moved: ReadonlySet<string>;
}

/** Services that `to` shows by another name, and what is for them by the old one. */
export function changedNames({ config, workloads, autoscalers, moved }: NamesContext): Warning[] {
  const renames = renamesOf(config, workloads);
  if (renames.length === 0) return [];
  return [
    ...renamed(config, renames, workloads, moved),
    ...oldNamesInRules(config, renames),
    ...oldNamesInAutoscalers(config, renames, autoscalers),
  ];
}

const servicesOf = (renames: readonly Rename[]): string[] => renames.flatMap(({ services }) => services);

function renamed(
  config: Config,
  renames: readonly Rename[],
  workloads: NamesContext["workloads"],
  moved: ReadonlySet<string>,
): Warning[] {
  const services = servicesOf(renames);
  const examples = renames.slice(0, 1).map(({ before, after }) => `${after} for ${before}`);
  const keeping = services.some((key) => moved.has(key)) ? undefined : namespaceThatKeeps(config, workloads);
  const fix =
    keeping === undefined
      ? ""
      : ` -> ${keeping === "" ? `leave generations.${config.to.name}.agentNamespace out` : `set generations.${config.to.name}.agentNamespace to ${keeping}`} to keep the names`;
  return aboutServices(
    "service-renamed",
    services,
    `listed on ${config.to.name} by another name (${examples.join()}); alarm rules, sampling, dashboards and autoscalers that use the old one are affected${fix}`,
  );
}

/** The agent namespace with which `to` would show every service by its old name; undefined where none does. */
function namespaceThatKeeps(config: Config, workloads: NamesContext["workloads"]): string | undefined {
  const { from, to, services } = config;
  return ["", from.generation.agentNamespace].find((agentNamespace) => {
    const other = { name: to.name, generation: { ...to.generation, agentNamespace } };
    return (
      renamesOf({ ...config, to: other }, workloads).length === 0 &&
      !Object.values(services).some((service) => needsOtherNamespace(service, from, other))
    );
  });
}

/** What a rule says by an old name, and what it has to say by the new one. */
interface OldName {
  readonly rename: Rename;
  readonly now: string;
  readonly instead: string;
}

/** The services that a rule was for and is no longer. */
function oldNamesIn({ kind, texts }: ServiceRule, renames: readonly Rename[]): OldName[] {
  return renames.flatMap((rename) => {
    const { before, after } = rename;
    return texts.flatMap((now): OldName[] => {
      if (kind === "expression") {
        return matchesOnly(now, before, after) ? [{ rename, now, instead: `an expression that matches ${after}` }] : [];
      }
      const instead = kind === "name" ? (now === before ? after : undefined) : renamedEntity(now, before, after);
      return instead === undefined || texts.includes(instead) ? [] : [{ rename, now, instead }];
    });
  });
}

/** Rules in the configuration of `to` that are for services by names that it does not show. */
function oldNamesInRules({ to: { name, generation } }: Config, renames: readonly Rename[]): Warning[] {
  if (!generation.managed) return [];
  const { config = {}, dynamicConfig } = generation.oap;
  const rules = [
    ...Object.entries(config).flatMap(([path, content]) =>
      rulesOfFile(path, content).map((rule) => ({ at: `oap.config.${path}`, rule })),
    ),
    ...Object.entries(dynamicConfig?.config ?? {}).flatMap(([key, value]) =>
      rulesOfDynamicKey(key, value).map((rule) => ({ at: `oap.dynamicConfig.config.${key}`, rule })),
    ),
  ];
  return rules.flatMap(({ at, rule }): Warning[] => {
    const found = oldNamesIn(rule, renames);
    if (found.length === 0) return [];
    const services = [...new Set(servicesOf(found.map(({ rename }) => rename)))];
    const place = rule.place === undefined ? "" : `, ${rule.place}`;
    const [is, it] = [nameSome(found.map(({ now }) => now)), nameSome(found.map(({ instead }) => instead))];
    const text = `generations.${name}.${at}${place}: says ${is}, and matches nothing on ${name} by that -> write ${it}`;
    return [{ id: "rule-for-old-name", severity: "warning", services, generation: name, text }];
  });
}

/** Autoscalers that select a service by a name that `to` does not show, and those that nobody could look for. */
function oldNamesInAutoscalers({ to }: Config, renames: readonly Rename[], { found, notRead }: Autoscalers): Warning[] {
  const lost = found.flatMap(({ namespace, name, metrics }) =>
    metrics
      .filter((metric) => metric.name.startsWith(adapterPrefix))
      .flatMap((metric): Warning[] => {
        const rename = renames.find(({ before }) => before === selectedService(metric.labels));
        if (rename === undefined) return [];
        const { services, before, after } = rename;
        const labels = Object.entries(labelsFor(after)).map(([label, value]) => `${label}: "${value}"`);
        const text = `HorizontalPodAutoscaler ${namespace}/${name}: scales by ${metric.name} of ${before}, which ${to.name} lists as ${after}; where the metric is not found, it stops scaling -> when the adapter asks ${to.name}, select ${labels.join(", ")}`;
        return [{ id: "autoscaler-for-old-name", severity: "warning", services, generation: to.name, text }];
      }),
  );
  const unread = notRead.map(({ namespace, why }): Warning => {
    const text = `the HorizontalPodAutoscalers of namespace ${namespace} were not looked at, and may scale by the old names: ${why}`;
    return { id: "autoscalers-not-read", severity: "warning", text };
  });
  return [...lost, ...unread];
}
