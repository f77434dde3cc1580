import { table } from "../../commands/terminal/table";
import type { GenerationReading } from "../../commands/status/generations";
import type { Revision } from "./reading/revisions";
import type { ServiceReading } from "./reading/services";

const inImage = "(in its image)";

/** @param before - readings of the previous stage: services that have moved since are marked */
export function serviceTable(
  readings: readonly ServiceReading[],
  before: readonly ServiceReading[] = readings,
): string {
  const moved = ({ service, generation }: ServiceReading): boolean =>
    before.some((other) => other.service === service && other.generation !== generation);
  return table(
    ["SERVICE", "REPORTS TO", "ADDRESS", "AGENT NAMESPACE", "AGENT IMAGE", "PODS READY"],
    readings.map((reading) => {
      const { service, generation = "NOBODY", settings, ready, desired } = reading;
      return [
        service,
        moved(reading) ? `${generation} (moved)` : generation,
        settings.backendService ?? inImage,
        settings.agentNamespace ?? inImage,
        settings.agentImage ?? inImage,
        `${ready}/${desired}`,
      ];
    }),
  );
}

/** Volumes grouped by phase and size: `3 Bound (20Gi)`. */
function volumeText(volumes: GenerationReading["volumes"]): string {
  const kinds = volumes.map(({ phase, size }) => `${phase}${size === "" ? "" : ` (${size})`}`);
  return [...new Set(kinds)].map((kind) => `${kinds.filter((it) => it === kind).length} ${kind}`).join(", ");
}

export function generationTable(readings: readonly GenerationReading[]): string {
  return table(
    ["GENERATION", "RELEASE", "PODS READY", "VOLUME CLAIMS"],
    readings.map(({ name, release, components, jobs, volumes }) => {
      const pods = components.map((component) => `${component.name} ${component.ready}/${component.desired}`);
      const done = jobs.map((job) => `${job.name} ${job.complete ? "complete" : "not complete"}`);
      return [name, release ?? "-", [...pods, ...done].join(", ") || "none", volumeText(volumes) || "none"];
    }),
  );
}

/** The revisions of a stage's moved services: then, in between, and now. */
export function revisionTable(
  rows: readonly { readonly then: Revision; readonly between: Revision; readonly now: Revision }[],
): string {
  return table(
    ["SERVICE", "BEFORE", "IN BETWEEN", "NOW"],
    rows.map(({ then, between, now }) => [
      then.service,
      `${then.kind} ${then.name}`,
      between.name,
      now.uid === then.uid ? `${now.name} (the same object)` : `${now.name} (ANOTHER)`,
    ]),
  );
}
