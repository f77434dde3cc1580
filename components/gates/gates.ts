import type { Place } from "../../upgrade/gates/definition";
import type { PlannedGate } from "../../upgrade/gates/gates";
import { once } from "../order";
import type { Answer } from "./ask";
import { Gate, type GateArgs } from "./gate";

/** What each gate found, by the gate's name. */
export type Answers = Readonly<Record<string, Answer | string>>;

/** The gates of one update, each declared when the update comes to its place. */
export class Gates {
  private readonly answers = new Map<string, Promise<Answer | undefined>>();

  /** @param shared - what all of them are made with */
  constructor(
    readonly planned: readonly PlannedGate[],
    private readonly shared: Omit<GateArgs, "gate">,
  ) {}

  /**
   * Declares the gates of a place. They are asked after `before` has resolved.
   *
   * @returns resolves when all of them pass, rejects when `before` does or one of them fails
   */
  async passed(place: Place, before: Promise<void>): Promise<void> {
    const answers = this.planned
      .filter((gate) => gate.place === place)
      .map((gate) => {
        const { answer } = new Gate(gate.name, { gate, ...this.shared }, { dependsOn: once(before, []) });
        this.answers.set(gate.name, answer);
        return answer;
      });
    await Promise.all([before, ...answers]);
  }

  /** What the gates declared so far found. Rejects when one of them failed. */
  async found(): Promise<Answers> {
    const found = await Promise.all(
      [...this.answers].map(async ([name, answer]) => [name, (await answer) ?? "not asked yet"] as const),
    );
    return Object.fromEntries(found);
  }
}
