import { isDeepStrictEqual } from "node:util";

import * as z from "zod";

import type { Config } from "../../upgrade/config";
import type { Run } from "../../commands/stack/run";
import { expectSuccess, StepFailed } from "./failure";
import { complaintOf, readPreview } from "./preview";
import { type GenerationReading, readGenerations } from "../../commands/status/generations";
import { readRevisions, type Revision } from "./reading/revisions";
import { readServices, type ServiceReading } from "./reading/services";
import { settled } from "./reading/settled";
import { type Leg, nameOf } from "./route";
import { pendingServices } from "./sample-services";
import type { DemoScene } from "./scene";
import { step } from "./steps";
import { generationTable, revisionTable, serviceTable } from "./tables";
import { UpdateProgress } from "./update-progress";

/** What the API server has after a stage. */
interface Readings {
  readonly services: ServiceReading[];
  readonly generations: GenerationReading[];
}

/** The part of the stack's outputs that is read. */
const outputs = z.object({
  services: z.record(z.string(), z.string()),
  next: z.array(z.object({ stage: z.string(), does: z.string() })),
  gates: z.record(z.string(), z.object({ held: z.boolean(), said: z.string() })),
});

/** Enters stage after stage with the CLI, and reads the result from the API server. */
export class Walk {
  /** What the possible next stages do, according to the program. */
  private next: z.output<typeof outputs>["next"] = [];
  /** As of the previous stage. */
  private services: ServiceReading[] | undefined;
  private revisions: Revision[] = [];
  /** By stage, as of the last time it was entered. */
  private readonly revisionsAt = new Map<string, Revision[]>();
  /** Every volume claim seen so far. */
  private readonly volumes = new Set<string>();
  /** Warnings that were already shown; the program repeats them at every stage. */
  private readonly warnings = new Set<string>();

  constructor(
    private readonly scene: DemoScene,
    private readonly config: Config,
  ) {}

  /** @throws StepFailed when a command fails, or the cluster does not look as it should */
  async enter(leg: Leg): Promise<void> {
    const does = this.next.find(({ stage }) => stage === leg.stage)?.does;
    console.log(`\n== ${nameOf(leg)}${does === undefined ? "" : `: ${does}`}`);
    await this.pulumi(leg, ["config", "set", "stage", leg.stage]);
    await this.preview(leg);
    await this.update(leg);
    await this.readBack(leg);
    await this.compareRevisions(leg);
  }

  private async preview(leg: Leg): Promise<void> {
    const preview = await this.pulumi(leg, ["preview", "--json"], { complaintOf });
    const { changes, warnings } = readPreview(preview.stdout);
    for (const change of changes.length === 0 ? ["change nothing"] : changes) console.log(`    would ${change}`);
    for (const warning of warnings.filter((text) => !this.warnings.has(text))) {
      this.warnings.add(warning);
      console.log(`    warning: ${warning}`);
    }
  }

  private async update(leg: Leg): Promise<void> {
    const progress = new UpdateProgress();
    await this.pulumi(leg, ["up", "--yes", "--skip-preview"], { textOf: (line) => progress.next(line) });
  }

  private async readBack(leg: Leg): Promise<void> {
    const { api, signal } = this.scene;
    const read = async (): Promise<Readings> => ({
      services: await readServices(api, this.config),
      generations: await readGenerations(api.clusters, this.config),
    });
    const { readings, pending } = await settled(read, pendingOf, signal);
    console.log(`\n  Read from the API server at ${nameOf(leg)}:\n`);
    console.log(serviceTable(readings.services, this.services));
    console.log(`\n${generationTable(readings.generations)}\n`);
    if (pending !== undefined) throw new StepFailed(`${nameOf(leg)}: ${pending}`);
    this.services = readings.services;
    this.expectVolumes(leg, readings);
    await this.expectAgreement(leg, readings);
  }

  /** A volume that existed once must never disappear, whatever happens to its generation. */
  private expectVolumes(leg: Leg, { generations }: Readings): void {
    const present = generations.flatMap(({ name, volumes }) => volumes.map((volume) => `${name}: ${volume.name}`));
    for (const volume of present) this.volumes.add(volume);
    const lost = [...this.volumes].filter((volume) => !present.includes(volume));
    if (lost.length > 0) throw new StepFailed(`${nameOf(leg)}: volume claims are gone: ${lost.join(", ")}`);
  }

  /** What the program says must match what the API server has. */
  private async expectAgreement(leg: Leg, { services }: Readings): Promise<void> {
    const { stdout } = await this.pulumi(leg, ["stack", "output", "--json"]);
    const said = outputs.parse(JSON.parse(stdout));
    this.next = said.next;
    const found = Object.fromEntries(services.map(({ service, generation }) => [service, generation]));
    if (!isDeepStrictEqual(said.services, found)) {
      throw new StepFailed(
        `${nameOf(leg)}: according to the stack's outputs the services report to ${JSON.stringify(said.services)}, according to their pods to ${JSON.stringify(found)}`,
      );
    }
    console.log("    its outputs agree with the services' pods");
    for (const [gate, { said: answer }] of Object.entries(said.gates)) console.log(`    gate ${gate}: ${answer}`);
  }

  /** When a stage is entered again, its services must run in the same revisions as the first time. */
  private async compareRevisions(leg: Leg): Promise<void> {
    const before = this.revisionsAt.get(leg.stage);
    const between = this.revisions;
    const now = await readRevisions(this.scene.api, this.config);
    this.revisions = now;
    this.revisionsAt.set(leg.stage, now);
    if (before === undefined) return;
    const of = (revisions: readonly Revision[], { service }: Revision): Revision | undefined =>
      revisions.find((revision) => revision.service === service);
    const moved = before.flatMap((then) => {
      const [there, here] = [of(between, then), of(now, then)];
      if (there === undefined || here === undefined || there.uid === then.uid) return [];
      return [{ then, between: there, now: here }];
    });
    console.log(
      `\n  ${leg.stage} again: the revisions of the services that moved in between:\n\n${revisionTable(moved)}`,
    );
    const others = moved.filter(({ then, now: here }) => here.uid !== then.uid).map(({ then }) => then.service);
    if (others.length > 0) throw new StepFailed(`${nameOf(leg)}: not in their earlier revision: ${others.join(", ")}`);
    console.log("\n  The revisions are the same objects as before, so the pod templates are exactly the same.");
  }

  /**
   * Runs `pulumi`, shows it and logs it.
   *
   * @param show.textOf - what to show for a line of its output. Defaults to nothing
   * @param show.complaintOf - why it failed. Defaults to its output
   */
  private pulumi(
    leg: Leg,
    args: readonly string[],
    show: { textOf?: (line: string) => string; complaintOf?: (run: Run) => string } = {},
  ): Promise<Run> {
    const command = `pulumi ${args.join(" ")}`;
    const { folder, stack } = this.scene;
    return step(`$ ${command}`, async (showText) => {
      folder.log(`\n$ ${command}`);
      const run = await stack.pulumi(args, (line) => {
        folder.log(line);
        if (show.textOf !== undefined) showText(show.textOf(line));
      });
      const output = run.code === 0 ? "" : (show.complaintOf?.(run) ?? run.output);
      expectSuccess(nameOf(leg), command, { code: run.code, output });
      return run;
    });
  }
}

function pendingOf({ services, generations }: Readings): string | undefined {
  const pending = generations.flatMap(({ name, components }) =>
    components.filter(({ ready, desired }) => ready !== desired).map((component) => `${component.name} of ${name}`),
  );
  return pending.length > 0 ? `not all pods are as they should be: ${pending.join(", ")}` : pendingServices(services);
}
