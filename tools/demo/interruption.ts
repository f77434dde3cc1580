import { constants } from "node:os";

/** The user pressed Ctrl-C, the process was told to end, or nobody reads its output any more. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor(private readonly signal: keyof typeof constants.signals) {
    super(`interrupted by ${signal}`);
  }

  /** The exit code that a shell reports. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}

/** A signal that is aborted, with {@link Interrupted} as its reason, when this process is told to end. */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) console.error("\nEnding everything ...");
      controller.abort(new Interrupted(name));
    });
  }
  process.stdout.on("error", () => {
    controller.abort(new Interrupted("SIGPIPE"));
  });
  return controller.signal;
}
