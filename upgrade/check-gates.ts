import { milliseconds } from "./duration";
import type { Report } from "./problem";
import type { Gates } from "./schema/gates";

/** Checks what the schema of one key of `gates` cannot see. */
export function checkGates(gates: Gates, report: Report): void {
  if (milliseconds(gates.departed.timeout) <= milliseconds(gates.window)) {
    report({
      key: "gates.departed.timeout",
      value: gates.departed.timeout,
      wrong: `is not longer than gates.window (${gates.window}), and for so long an agent that has moved still counts as alive`,
      fix: "lengthen it, or shorten the window",
    });
  }
  for (const [name, { command, url }] of Object.entries(gates.checks)) {
    if ((command === undefined) === (url === undefined)) {
      report({
        key: `gates.checks.${name}`,
        wrong: command === undefined ? "has neither a command nor a url" : "has both a command and a url",
        fix: "set one of them",
      });
    }
  }
}
