/**
 * ` +  kubernetes:apps/v1:Deployment v9-oap creating (0s) [diff: ~spec]; Waiting for ...`, as the CLI prints it without
 * a terminal.
 */
const running =
  /^\s*\S{1,2}\s+(?:kubernetes:\S+|skywalking-canary:index(?=:Gate)):(\S+) (\S+) \w+ing \(\d+s\)\s*(?:\[diff: [^\]]*\];?)?\s*(.*)$/;
const finished =
  /^\s*\S{1,2}\s+(?:kubernetes:\S+|skywalking-canary:index(?=:Gate)):(\S+) (\S+) (?:created|updated|deleted|replaced) \(/;
/** What the program itself shows as the status of the stack. */
const ofStack = /^\s*pulumi:pulumi:Stack \S+ running (?!warning:|error:)(.+)$/;

/** What a running `pulumi up` is waiting for, by the lines that it prints. */
export class UpdateProgress {
  private readonly active = new Map<string, string>();
  private done = 0;
  private stack = "";

  /** Takes the next line and returns what to show. */
  next(line: string): string {
    const [, kind = "", name = "", status = ""] = running.exec(line) ?? [];
    const [, endedKind = "", endedName = ""] = finished.exec(line) ?? [];
    const ofProgram = ofStack.exec(line)?.[1];
    if (endedName !== "") {
      this.active.delete(`${endedKind} ${endedName}`);
      this.done += 1;
    } else if (name !== "") {
      this.active.set(`${kind} ${name}`, status === "" ? (this.active.get(`${kind} ${name}`) ?? "") : status);
      this.stack = "";
    } else if (ofProgram !== undefined) {
      this.stack = ofProgram;
    }
    return this.text();
  }

  private text(): string {
    const waiting = [...this.active].map(([object, status]) => (status === "" ? object : `${object}: ${status}`));
    const shown = this.stack === "" ? waiting.at(-1) : this.stack;
    const others = this.stack === "" && waiting.length > 1 ? ` (and ${waiting.length - 1} more)` : "";
    if (this.done === 0 && shown === undefined) return "the program and its provider are starting";
    return shown === undefined ? `objects changed: ${this.done}` : `objects changed: ${this.done}; ${shown}${others}`;
  }
}
