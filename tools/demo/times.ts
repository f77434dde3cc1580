import Table from "cli-table3";

/** How long the parts of the demo took, in the order in which they ended. */
export class Times {
  private readonly begin = Date.now();
  private readonly parts: { readonly name: string; readonly milliseconds: number }[] = [];

  async measure<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
    const begin = Date.now();
    const result = await act();
    this.parts.push({ name, milliseconds: Date.now() - begin });
    return result;
  }

  table(): string {
    const table = new Table({
      head: ["Part", "Seconds"],
      colAligns: ["left", "right"],
      style: { head: [], border: [], compact: true },
    });
    for (const { name, milliseconds } of this.parts) table.push([name, (milliseconds / 1000).toFixed(1)]);
    table.push(["in all", ((Date.now() - this.begin) / 1000).toFixed(1)]);
    return table.toString();
  }
}
