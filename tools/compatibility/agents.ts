import { agentFacts, agentLanguages, agentProfile, agentReleases } from "../../skywalking/agent";
import type { AgentFacts, SettingName, NamespaceFacts, Reregistration } from "../../skywalking/agent/facts";
import { compatibility } from "../../skywalking/compatibility";
import { oapReleases, type OapRelease } from "../../skywalking/oap";
import { nameRuns, valueAt, type Timeline } from "../../skywalking/release";
import { code, rangesOf, runsBy, table, valueText, type Sources } from "./markdown";

const verdicts = { ok: "yes", "needs agent upgrade": "other", impossible: "no" } as const;

/** Agents by OAPs; neighbours with the same verdicts share a row or a column. */
export function agentMatrix(): string {
  const agents = agentLanguages.flatMap((language) =>
    agentReleases(language).map((release) => ({ language, release })),
  );
  type Agent = (typeof agents)[number];
  const verdictOf = (agent: Agent, oap: OapRelease) => verdicts[compatibility(agent, oap).verdict];
  const columns = runsBy(oapReleases, (oap) => agents.map((agent) => verdictOf(agent, oap)).join());
  const cellsOf = (agent: Agent) => columns.map(([oap]) => verdictOf(agent, oap));
  return table(
    ["Agent", "Releases", ...columns.map((run) => `OAP ${nameRuns(oapReleases, run)}`)],
    runsBy(agents, (agent) => [agent.language, ...cellsOf(agent)].join()).map((run) => {
      const [agent] = run;
      const releases = run.map(({ release }) => release);
      return [agentFacts[agent.language].title, nameRuns(agentReleases(agent.language), releases), ...cellsOf(agent)];
    }),
  );
}

export function refusalTable(sources: Sources): string {
  const rows = agentLanguages.flatMap((language) =>
    rangesOf(agentFacts[language].refusedBy, oapReleases).flatMap(({ range, value, source }) =>
      value.map(({ releases, why }) => [
        agentFacts[language].title,
        releases === "*" ? "all" : code(releases),
        range,
        why,
        sources.cite(source),
      ]),
    ),
  );
  return table(["Agent", "Releases", "Not with OAP", "Because", "Source"], rows);
}

function settingText(setting: SettingName | undefined): string {
  const ways = [setting?.property, setting?.env].filter((way) => way !== undefined);
  return ways.length === 0 ? "-" : ways.map(code).join(", ");
}

function namespaceText(facts: NamespaceFacts): string {
  switch (facts.effect) {
    case "none":
      return "nothing";
    case "header-prefix":
      return "prefixes the propagation header: a call between two namespaces loses its trace link";
    case "instance-property":
      return "is a property of the instance";
    case "service-name-suffix": {
      const kept = facts.maxLength === undefined ? "" : `, cut to ${String(facts.maxLength)} characters`;
      return `names the service ${code(`service|namespace${facts.tail}`)}${kept}`;
    }
  }
}

export function agentTable(): string {
  const rows = agentLanguages.flatMap((language) => {
    const { releases, namespace }: AgentFacts<string> = agentFacts[language];
    const cellsOf = (release: string) => {
      const profile = agentProfile({ language, release });
      return [
        settingText(profile.settings.backendService),
        settingText(profile.settings.namespace),
        namespaceText(valueAt(namespace, release)),
        settingText(profile.settings.authentication),
        settingText(profile.settings.instanceName),
        profile.imageVariants.map((variant) => code(profile.image(variant)?.replace(release, "X"))).join(" ") || "-",
      ];
    };
    return runsBy(releases, (release) => cellsOf(release).join()).map((run) => [
      agentFacts[language].title,
      nameRuns(releases, run),
      ...cellsOf(run[0]),
    ]);
  });
  return table(
    ["Agent", "Releases", "Backend address", "Namespace", "which", "Token", "Instance name", "Images with the agent"],
    rows,
  );
}

function reregistrationText(facts: Reregistration): string {
  switch (facts.kind) {
    case "never":
      return "keeps ids that the new storage does not know: restart it";
    case "on reset command": {
      const problem = facts.knownProblem === undefined ? "" : `; ${facts.knownProblem}`;
      return `registers again when an OAP 6.3.0 - 7.0.0 asks for it, after ${String(facts.coolDownMinutes)} minutes without traces${problem}`;
    }
    case "stateless":
      if (facts.resendsInstanceProperties === undefined)
        return "goes on; whether it sends the properties of its instances again is not known";
      return facts.resendsInstanceProperties
        ? "goes on"
        : "goes on; the properties of its instances are missing until it restarts";
  }
}

export function reregistrationTable(sources: Sources): string {
  const rows = agentLanguages.flatMap((language) => {
    const facts: AgentFacts<string> = agentFacts[language];
    return rangesOf(facts.reregistration, facts.releases).map(({ range, value, source }) => [
      agentFacts[language].title,
      range,
      reregistrationText(value),
      sources.cite(source),
    ]);
  });
  return table(["Agent", "Releases", "It", "Source"], rows);
}

/** The facts behind the other tables of agents, with their sources. */
export function agentFactTable(sources: Sources): string {
  const rows = agentLanguages.flatMap((language) => {
    const facts: AgentFacts<string> = agentFacts[language];
    const timelines: readonly (readonly [string, Timeline<string, unknown>])[] = [
      ["protocol", facts.protocol],
      ["settings", facts.settings],
      ["namespace", facts.namespace],
      ["characters kept of the service's name", facts.serviceNameMaxLength],
      ["image", facts.image],
    ];
    return timelines.flatMap(([fact, timeline]) =>
      rangesOf(timeline, facts.releases).map(({ range, value, source }) => [
        `${agentFacts[language].title}: ${fact}`,
        range,
        valueText(value),
        sources.cite(source),
      ]),
    );
  });
  return table(["Fact", "Releases", "Is", "Source"], rows);
}
