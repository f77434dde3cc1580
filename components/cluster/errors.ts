/** The HTTP status or the name of an error of the client, where it has one. */
function codeOf(error: unknown): number | string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? (error.code as number | string) : undefined;
}

/** What the API server says of it, in the body of its answer; else what the client says. */
export function messageOf(error: unknown): string {
  const body = typeof error === "object" && error !== null && "body" in error ? error.body : undefined;
  const read = (): unknown => (typeof body === "string" ? (JSON.parse(body) as unknown) : body);
  try {
    const { message } = read() as { message: unknown };
    if (typeof message === "string") return message;
  } catch {
    // It has none.
  }
  return error instanceof Error ? error.message : String(error);
}

/** The HTTP status that the API server has answered; undefined: it has not. */
export function statusOf(error: unknown): number | undefined {
  const code = codeOf(error);
  return typeof code === "number" ? code : undefined;
}

/** Whether the API server says that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return codeOf(error) === 404;
}

/** Whether the API server says that somebody else has written the thing, or has its fields. */
export function isConflict(error: unknown): boolean {
  return codeOf(error) === 409;
}

/** Whether the API server says that a PodDisruptionBudget does not allow an eviction now. */
export function isTooMany(error: unknown): boolean {
  return codeOf(error) === 429;
}

/**
 * An error of the API server or on the way to it, with what was being done and what to try.
 *
 * @param doing - e.g. `list the pods of namespace shop`
 * @param command - what does the same by hand: the arguments of kubectl
 */
export function explain(error: unknown, context: string, doing: string, command: string): Error {
  const code = codeOf(error);
  const [message = ""] = messageOf(error).split("\n");
  return new Error(
    `Cannot ${doing} with context "${context}"${code === undefined ? "" : ` (${code})`}: ${message} -> try \`kubectl --context ${context} ${command}\``,
    { cause: error },
  );
}
