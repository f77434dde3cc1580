export interface ExecuteOptions {
  /** Its standard input. */
  readonly input?: string;
  /** Whether a failure is an error. Defaults to true. */
  readonly reject?: boolean;
  /** Whether it uses this process's terminal. Defaults to false. */
  readonly inherit?: boolean;
}

/** A finished command. */
export interface Executed {
  readonly exitCode: number;
  readonly stdout: string;
}

/**
 * Runs a program to completion. execa is loaded late: it cannot be loaded with `require`, which the program's own
 * loader uses.
 */
export async function execute(
  program: string,
  args: readonly string[],
  { input, reject = true, inherit = false }: ExecuteOptions = {},
): Promise<Executed> {
  const { execa } = await import("execa");
  const stdio = inherit ? ({ stdio: "inherit" } as const) : {};
  const { exitCode = 1, stdout } = await execa(program, args, {
    reject,
    ...stdio,
    ...(input === undefined ? {} : { input }),
  });
  return { exitCode, stdout: typeof stdout === "string" ? stdout : "" };
}
