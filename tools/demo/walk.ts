import { isDeepStrictEqual } from "node:util";

import type { Config } from "../../upgrade/config";
import { stageFlagText } from "../../upgrade/stage";
import type { Run } from "../stack/local-stack";
import { expectSuccess, StepFailed } from "./failure";
import { readPreview } from "./preview";
import { type GenerationReading, readGenerations } from "./reading/generations";
import { readRevisions, type Revision } from "./reading/revisions";
import { readServices, type ServiceReading } from "./reading/services";
import { settled } from "./reading/settled";
import { describe, type Leg, nameOf } from "./route";
import { pendingServices } from "./sample-services";
import type { Scene } from "./scene";
import { step } from "./steps";
import { generationTable, revisionTable, serviceTable } from "./tables";
import { UpdateProgress } from "./update-progress";

/** What the API server has after a stage. */
interface Readings {
  readonly services: ServiceReading[];
  readonly generations: GenerationReading[];
}

/** Goes from stage to stage with the CLI, and reads back from the API server what became of it. */
export class Walk {
  /** Revisions by stage, as of the last time that it was entered. */
  private readonly revisions = new Map<string, Revision[]>();
  private latest: Revision[] = [];
  private readonly volumes = new Set<string>();
  private readonly warnings = new Set<string>();

  constructor(
    private readonly scene: Scene,
    private readonly config: Config,
  ) {}

  /** @throws StepFailed when a command fails, or the cluster does not look as it should. */
  async enter(leg: Leg): Promise<void> {
    const stage = stageFlagText(leg.flag);
    console.log(`\n== ${nameOf(leg)}: ${describe(leg, this.config)}`);
    await this.pulumi(leg, ["config", "set", "stage", stage]);
    await this.preview(leg);
    await this.update(leg);
    await this.readBack(leg);
    await this.compareRevisions(leg);
  }

  private async preview(leg: Leg): Promise<void> {
    const { changes, warnings } = await this.pulumi(leg, ["preview", "--json"], {
      result: ({ stdout }) => readPreview(stdout),
      complaint: ({ stdout }) => `Diagnostics:\n${readPreview(stdout).errors.join("\n")}`,
    });
    for (const change of changes.length === 0 ? ["change nothing"] : changes) console.log(`    would ${change}`);
    for (const warning of warnings.filter((text) => !this.warnings.has(text))) {
      this.warnings.add(warning);
      console.log(`    warning: ${warning}`);
    }
  }

  private async update(leg: Leg): Promise<void> {
    const progress = new UpdateProgress();
    await this.pulumi(leg, ["up", "--yes", "--skip-preview"], { text: (line) => progress.next(line) });
  }

  private async readBack(leg: Leg): Promise<void> {
    const read = async (): Promise<Readings> => ({
      services: await readServices(this.scene.api, this.config),
      generations: await readGenerations(this.scene.api, this.config),
    });
    const { readings, pending } = await settled(read, pendingOf, this.scene.signal);
    console.log(`\n  Read from the API server at ${nameOf(leg)}:\n`);
    console.log(serviceTable(readings.services));
    console.log(`\n${generationTable(readings.generations)}\n`);
    if (pending !== undefined) throw new StepFailed(`${nameOf(leg)}: ${pending}`);
    this.expectVolumes(leg, readings);
    await this.expectAgreement(leg, readings);
  }

  /** A volume that was there once is there for ever, whatever becomes of its generation. */
  private expectVolumes(leg: Leg, { generations }: Readings): void {
    const present = generations.flatMap(({ name, volumes }) => volumes.map((volume) => `${name}: ${volume.name}`));
    for (const volume of present) this.volumes.add(volume);
    const lost = [...this.volumes].filter((volume) => !present.includes(volume));
    if (lost.length > 0) throw new StepFailed(`${nameOf(leg)}: volume claims are gone: ${lost.join(", ")}`);
  }

  /** What the program says of itself has to be what the API server has. */
  private async expectAgreement(leg: Leg, { services }: Readings): Promise<void> {
    const said = await this.pulumi(leg, ["stack", "output", "services", "--json"], {
      result: ({ stdout }) => JSON.parse(stdout) as unknown,
    });
    const found = Object.fromEntries(services.map(({ service, generation }) => [service, generation]));
    if (isDeepStrictEqual(said, found)) return;
    throw new StepFailed(
      `${nameOf(leg)}: the stack's output \`services\` is ${JSON.stringify(said)}, but the pods report to ${JSON.stringify(found)}`,
    );
  }

  /** Where a stage is entered again, its services have to run in the very revisions of the first time. */
  private async compareRevisions(leg: Leg): Promise<void> {
    const stage = stageFlagText(leg.flag);
    const [before, between, now] = [
      this.revisions.get(stage),
      this.latest,
      await readRevisions(this.scene.api, this.config),
    ];
    this.revisions.set(stage, now);
    this.latest = now;
    if (before === undefined) return;
    const of = (revisions: readonly Revision[], service: string): Revision | undefined =>
      revisions.find((revision) => revision.service === service);
    const moved = before.flatMap((then) => {
      const [there, here] = [of(between, then.service), of(now, then.service)];
      return there === undefined || here === undefined || there.uid === then.uid
        ? []
        : [{ then, between: there, now: here }];
    });
    console.log(`  ${stage} again: the revisions of the services that moved in between:\n\n${revisionTable(moved)}`);
    const others = moved.filter(({ then, now: here }) => here.uid !== then.uid).map(({ then }) => then.service);
    if (others.length > 0) throw new StepFailed(`${nameOf(leg)}: not in the revision of before: ${others.join(", ")}`);
    console.log("\n  The very revisions of before: the pod templates are the same, byte for byte.");
  }

  private pulumi(leg: Leg, args: readonly string[], how?: { text?: (line: string) => string }): Promise<void>;
  private pulumi<Result>(
    leg: Leg,
    args: readonly string[],
    how: { result: (run: Run) => Result; complaint?: (run: Run) => string },
  ): Promise<Result>;
  /** Runs `pulumi`, shows and logs it. */
  private pulumi(
    leg: Leg,
    args: readonly string[],
    how: { text?: (line: string) => string; result?: (run: Run) => unknown; complaint?: (run: Run) => string } = {},
  ): Promise<unknown> {
    const command = `pulumi ${args.join(" ")}`;
    return step(`$ ${command}`, async (show) => {
      this.scene.folder.log(`\n$ ${command}`);
      const run = await this.scene.stack.pulumi(args, (line) => {
        this.scene.folder.log(line);
        if (how.text !== undefined) show(how.text(line));
      });
      const output = run.code === 0 || how.complaint === undefined ? run.output : how.complaint(run);
      expectSuccess(`${nameOf(leg)}: ${command}`, { code: run.code, output });
      return how.result?.(run);
    });
  }
}

function pendingOf({ services, generations }: Readings): string | undefined {
  const pending = generations.flatMap(({ name, components }) =>
    components.filter(({ ready, desired }) => ready !== desired).map((component) => `${component.name} of ${name}`),
  );
  return pending.length > 0 ? `not all pods are as they should be: ${pending.join(", ")}` : pendingServices(services);
}
