export interface ExecuteOptions {
  /** What it reads from stdin. */
  readonly input?: string;
  /** Whether a failure is an error. Defaults to true. */
  readonly reject?: boolean;
  /** Whether it has this process's terminal. Defaults to false. */
  readonly inherit?: boolean;
}

/** A command that has ended. */
export interface Executed {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Runs a program to its end. execa is loaded late: it cannot be `require`d, which the program's own loader does. */
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
