import type { Report } from "../problem";

/** Reports what is wrong with one service, and remembers that something is. */
export class Problems {
  private count = 0;

  constructor(
    private readonly key: string,
    private readonly report: Report,
  ) {}

  /** @param setting - the key of the service that is to be changed */
  add(setting: string, wrong: string, fix: string): void {
    this.count += 1;
    this.report({ key: `services.${this.key}.${setting}`, wrong, fix });
  }

  found(): boolean {
    return this.count > 0;
  }
}
