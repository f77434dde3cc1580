import * as pulumi from "@pulumi/pulumi";

import { asksAgain, type Asked, type PlannedGate } from "../../upgrade/gates/gates";
import { describeFailure } from "../../upgrade/gates/verdict";
import type { Strategy } from "../../upgrade/stage";
import { toRunError } from "../run-error";
import type { Answer } from "./ask";

/** Asks a gate; told what it waits for, for the progress display. */
export type AskGate = (gate: PlannedGate, onProgress: (text: string) => void) => Promise<Answer>;

export interface GateArgs {
  /** What it asks. Its `inputs` are those of the resource. */
  readonly gate: PlannedGate;
  /** The strategy of the upgrade: by the order of its stages, an update goes forward or back. */
  readonly strategy: Strategy;
  /** How many waves the config has; 0 where the strategy has none. */
  readonly waves: number;
  /** Called at `pulumi up`, where there is something to ask; never in a preview, and not on the way back. */
  readonly ask: AskGate;
}

/**
 * A gate is a resource without anything behind it: what it asks is its inputs, what it found its outputs. The engine
 * shows it in the preview, and calls our hook only when it is new or its inputs have changed, so that an unchanged
 * stage asks nothing. The hook runs in this process: it needs no plugin of its own, and no secret of the kubeconfig
 * leaves the program.
 */
export class Gate extends pulumi.ComponentResource {
  /**
   * What it found, now or when it was last asked; undefined while it has never been. Rejects where it does not pass.
   */
  readonly answer: Promise<Answer | undefined>;

  constructor(name: string, args: GateArgs, opts?: pulumi.ComponentResourceOptions) {
    const { gate, strategy, waves, ask } = args;
    let found: Answer | undefined;
    let refuse: (error: Error) => void = () => undefined;
    const hook = new pulumi.ResourceHook(
      name,
      async ({ urn, oldInputs, oldOutputs }) => {
        // The log waits for the URN of its resource, which a resource has only when its hook is done.
        const row = new pulumi.DependencyResource(urn);
        if (!asksAgain(strategy, waves, oldInputs as Partial<Asked> | undefined, gate.inputs)) {
          found = (oldOutputs as { answer?: Answer } | undefined)?.answer;
          return;
        }
        if (pulumi.runtime.isDryRun()) {
          await pulumi.log.info(`asked at \`pulumi up\`: ${gate.inputs.asks}`, row);
          return;
        }
        found = await ask(gate, (text) => void pulumi.log.info(text, row, undefined, true));
        if (found.held) return;
        const failure = describeFailure(name, gate.timeout, found, gate.mode === "warn");
        if (gate.mode === "warn") {
          await pulumi.log.warn(failure, row);
          return;
        }
        refuse(toRunError(new Error(`${name} did not pass: later steps were not run`)));
        // The engine shows this with the gate and ends the update. It may not wait for what the program
        // has to say then.
        throw new Error(failure);
      },
      { onDryRun: true },
    );
    super("skywalking-canary:index:Gate", name, gate.inputs, {
      ...opts,
      hooks: { beforeCreate: [hook], beforeUpdate: [hook] },
    });
    this.answer = new Promise((resolve, reject) => {
      refuse = reject;
      this.urn.apply((urn) => {
        void this.kept(urn).then((kept) => {
          resolve(found ?? kept);
        }, reject);
      });
    });
    this.registerOutputs({ answer: this.answer.catch(() => undefined) });
  }

  /**
   * What the state has of it: if nothing has changed, the engine does not hand the outputs of a component to the
   * program.
   */
  private async kept(urn: string): Promise<Answer | undefined> {
    const { state } = (await pulumi.runtime.invoke("pulumi:pulumi:getResource", { urn })) as {
      state?: { answer?: Answer };
    };
    return state?.answer;
  }
}
