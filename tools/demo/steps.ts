import { Listr, PRESET_TIMER } from "listr2";

/** Without a terminal every text is a separate line, so only a few are shown. */
const plainMilliseconds = 3_000;

/**
 * Runs one step and shows that it is running: with a spinner, what it waits for and the time it took, or as plain lines
 * when stdout is not a terminal.
 *
 * @param act - the step; `show` replaces the text of what it waits for
 */
export async function step<Result>(
  title: string,
  act: (show: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  let outcome: { readonly value: Result } | { readonly error: unknown } | undefined;
  let shown = { text: "", at: Date.now() };
  const tasks = new Listr(
    [
      {
        title,
        task: async (_: unknown, task: { output: string }): Promise<void> => {
          try {
            const value = await act((text) => {
              const early = !process.stdout.isTTY && Date.now() - shown.at < plainMilliseconds;
              if (text === shown.text || early) return;
              shown = { text, at: Date.now() };
              task.output = text;
            });
            outcome = { value };
          } catch (error) {
            outcome = { error };
            // The caller prints the reason, once and in full.
            throw new Error("see below", { cause: error });
          }
        },
      },
    ],
    {
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false, timer: PRESET_TIMER },
      fallbackRenderer: "simple",
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
  await tasks.run().catch((error: unknown) => {
    outcome ??= { error };
  });
  if (outcome === undefined || "error" in outcome) throw outcome?.error;
  return outcome.value;
}
