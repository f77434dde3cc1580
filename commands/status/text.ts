import { table } from "../terminal/table";
import { answerText, podsText, reportsText, stageText, writerText } from "./words";
import type { Status } from "./status";

/** Everything that disagrees, each with what it belongs to. */
export function disagreementsOf(status: Status): string[] {
  return [
    ...status.disagreements,
    ...status.generations.flatMap(({ name, disagreements }) => disagreements.map((text) => `${name}: ${text}`)),
    ...status.services.flatMap(({ key, disagreements }) => disagreements.map((text) => `${key}: ${text}`)),
    ...status.unlisted.map(
      ({ generation, name, instances }) =>
        `${name}: reports to ${generation} (${instances} live), but no config lists it, so nothing moves it`,
    ),
  ];
}

/** The status for a terminal. */
export function statusText(status: Status): string {
  const said = disagreementsOf(status);
  return [
    `${status.stack}, strategy ${status.strategy}: ${stageText(status)}`,
    "",
    table(
      ["GENERATION", "RELEASE", "STATE", "OAP", "STORAGE", "ITS OAP SAYS"],
      status.generations.map((it) => [
        `${it.name} (${it.role})`,
        it.version,
        it.state,
        it.nodes === undefined ? "-" : `${it.nodes.ready}/${it.nodes.desired}`,
        it.storage,
        answerText(it),
      ]),
    ),
    "",
    table(
      ["SERVICE", "CONFIG SAYS", "PODS POINT TO", "INSTANCES REPORT TO", "WRITTEN LAST BY", ""],
      status.services.map((it) => [
        it.key,
        it.expected,
        podsText(it),
        reportsText(it),
        writerText(it),
        it.disagreements.length === 0 ? "" : "DISAGREES",
      ]),
    ),
    "",
    said.length === 0
      ? "Config, pods and backends agree."
      : [
          `${said.length} ${said.length === 1 ? "thing disagrees" : "things disagree"}:`,
          ...said.map((text) => `  - ${text}`),
        ].join("\n"),
  ].join("\n");
}
