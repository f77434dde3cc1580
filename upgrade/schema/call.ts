import * as z from "zod";

/** A call between two services, which the config writes as `frontend -> cart`. */
export interface Call {
  readonly caller: string;
  readonly callee: string;
}

function parseCall(text: string): Call {
  const arrow = text.indexOf("->");
  return { caller: text.slice(0, arrow).trim(), callee: text.slice(arrow + 2).trim() };
}

export const call = z
  .string()
  .regex(
    /^\s*[^\s>]+\s*->\s*[^\s>]+\s*$/,
    'is not a call; allowed: two services with "->" between -> write e.g. "frontend -> cart"',
  )
  .transform(parseCall);
