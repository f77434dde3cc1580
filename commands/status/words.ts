import type { GenerationStatus, ServiceStatus, Status } from "./status";
import { plural } from "../../upgrade/plural";

/** `stage canary-2`, and the stage that was entered if it is another one. */
export function stageText({ stage }: Status): string {
  if (stage.applied === stage.config) return `stage ${stage.config}`;
  return `stage ${stage.config} in the config, ${stage.applied ?? "none"} entered`;
}

export function answerText({ answer }: GenerationStatus): string {
  switch (answer.kind) {
    case "not asked":
      return `(not asked: ${answer.why})`;
    case "failed":
      return "NO ANSWER";
    case "answered": {
      const health = answer.healthy === undefined ? "" : answer.healthy ? ", healthy" : ", NOT HEALTHY";
      return `${plural(answer.services, "service")}, ${plural(answer.instances, "instance")} live${health}`;
    }
  }
}

/** `v9 2/2`, and several such parts where pods differ. */
export function podsText({ pods }: ServiceStatus): string {
  if (pods.length === 0) return "no pods";
  return pods
    .map(({ generation, address, pods: count, ready }) => {
      const where = generation ?? `NOBODY (${address ?? ""})`;
      return `${where} ${ready}/${count}${address === undefined ? " by its image" : ""}`;
    })
    .join(", ");
}

export function reportsText({ reports }: ServiceStatus): string {
  return reports.length === 0
    ? "none seen"
    : reports.map(({ generation, instances }) => `${generation} ${instances}`).join(", ");
}

export function writerText({ lastWriter }: ServiceStatus): string {
  if (lastWriter === undefined) return "";
  // Minutes are precise enough, and the T is for machines.
  const time = lastWriter.time?.slice(0, 16).replace("T", " ");
  return [lastWriter.manager, ...(time === undefined ? [] : [time])].join(", ");
}
