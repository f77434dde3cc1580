import { table } from "../../commands/terminal/table";

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
    const rows = [...this.parts, { name: "TOTAL", milliseconds: Date.now() - this.begin }];
    return table(
      ["PART", "SECONDS"],
      rows.map(({ name, milliseconds }) => [name, (milliseconds / 1000).toFixed(1).padStart("SECONDS".length)]),
    );
  }
}
