/** A tool could not be found or built. The message is one line that names the remedy. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
}

/** The oldest Go that can read the modules' go.mod files; it fetches a newer one itself if a module requires it. */
export const oldestGo = "1.24.0";

const install = `install Go ${oldestGo.replace(/\.0$/, "")} or newer (https://go.dev/dl)`;

/** Go is not on PATH. */
export function noGo(names: readonly string[]): ToolchainError {
  return new ToolchainError(`Go is needed to build ${names.join(", ")}: ${install}, or put these tools on PATH.`);
}

/** Go is too old. */
export function oldGo(found: string): ToolchainError {
  return new ToolchainError(`Go ${found} is too old to build the tools: ${install}.`);
}

/** Causes in the output of a failed build, the most specific first. */
const causes: readonly { readonly pattern: RegExp; readonly remedy: (folder: string) => string }[] = [
  {
    pattern: /no space left on device|ENOSPC|disk quota exceeded/i,
    remedy: (folder) =>
      `no space is left on the disk; free about 8 GB for ${folder} and Go's build cache (go env GOCACHE), or set XDG_CACHE_HOME and GOCACHE to folders on another disk.`,
  },
  {
    pattern: /EACCES|EPERM|EROFS|ENOTDIR|permission denied|read-only file system/i,
    remedy: (folder) =>
      `${folder} or Go's build cache cannot be written; set XDG_CACHE_HOME and GOCACHE to folders that can.`,
  },
  {
    pattern: /requires go >= (\S+)/i,
    remedy: () =>
      `its module requires a newer Go, which could not be downloaded; install the newest Go (https://go.dev/dl).`,
  },
  {
    pattern:
      /dial tcp|no such host|proxyconnect|i\/o timeout|connection refused|network is unreachable|TLS handshake|module lookup disabled by GOPROXY=off/i,
    remedy: () => `Go modules could not be downloaded; check the network, or set GOPROXY to a reachable proxy.`,
  },
];

/** One line for a failed build, whatever it printed. */
export function explain(name: string, output: string, folder: string): ToolchainError {
  const cause = causes.find(({ pattern }) => pattern.test(output));
  if (cause !== undefined) return new ToolchainError(`${name} could not be built: ${cause.remedy(folder)}`);
  const lines = output.trim().split("\n");
  const first = lines.find((line) => !/^(#|go: downloading|\s*$)/.test(line)) ?? "no output";
  return new ToolchainError(
    `${name} could not be built: ${first.trim()} (run "go build" in tools/toolchain/modules for the whole output).`,
  );
}
