import { setInterval } from "node:timers";
import { buildGroup, buildGroups, checkGo } from "./build";
import { resolveTool } from "./resolve";
import { type ToolName, tools } from "./tools";

const clock = (since: number): string => {
  const seconds = Math.round((Date.now() - since) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** The user pressed Ctrl-C, or the process was told to end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  override readonly message = "interrupted";
}

/**
 * Builds the named tools that are missing, two modules at a time, and shows what is being built, for how long, and what
 * is left.
 *
 * @throws Interrupted when it was interrupted; nothing half-built is left then.
 * @throws ToolchainError as soon as one of them cannot be built; the others are ended.
 */
export async function buildMissing(names: readonly ToolName[]): Promise<void> {
  const resolved = await Promise.all(names.map(async (name) => ({ name, ...(await resolveTool(name)) })));
  const missing = resolved.filter(({ path }) => path === undefined).map(({ name }) => name);
  if (missing.length === 0) return;
  await checkGo(missing);

  const interrupt = new AbortController();
  const onSignal = (): void => {
    interrupt.abort(new Interrupted());
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);

  const begin = Date.now();
  const left = new Set(missing);
  const { Listr, ListrLogger } = await import("listr2");
  const tasks = new Listr(
    buildGroups(missing).map((group) => {
      const title = group.map((name) => `${name} ${tools[name].version}`).join(", ");
      return {
        title,
        task: async (_: unknown, task: { output: string; title: string }): Promise<void> => {
          const since = Date.now();
          const tick = (): void => {
            task.output = `building for ${clock(since)}, ${clock(begin)} in total; left: ${[...left].join(", ")}`;
          };
          const ticker = setInterval(tick, process.stdout.isTTY ? 1_000 : 30_000);
          try {
            await buildGroup(group, interrupt.signal);
            for (const name of group) left.delete(name);
            task.title = `${title} (${clock(since)})`;
          } catch (error) {
            interrupt.abort(error);
            throw error;
          } finally {
            clearInterval(ticker);
          }
        },
      };
    }),
    {
      concurrent: 2,
      registerSignalListeners: false,
      // The caller prints the reason, once, on stderr.
      rendererOptions: { showErrorMessage: false },
      fallbackRenderer: "simple",
      fallbackRendererOptions: { logger: new ListrLogger({ useIcons: true, toStderr: [] }) },
    },
  );
  try {
    await tasks.run();
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}
