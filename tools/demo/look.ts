import type { Config } from "../../upgrade/config";
import { keptName } from "./place";
import { demoNamespaces } from "./namespaces";
import type { DemoScene } from "./scene";
import { checkout } from "./stack-file";

/** Quoted where a shell would split it. */
const quote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** Lines that give a shell the environment of the demo's commands. PATH is extended. */
function exportLines(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    const own = process.env[name];
    if (value === undefined || value === own) return [];
    const added = own !== undefined && value.endsWith(own) ? value.slice(0, value.length - own.length) : undefined;
    return [`export ${name}=${name === "PATH" && added !== undefined ? `${quote(added)}"$PATH"` : quote(value)}`];
  });
}

/** How to look at what was kept, and how to end it. */
export function howToLook({ place, folder, stack }: DemoScene, config: Config): string {
  const namespaces = demoNamespaces(config);
  const end =
    place.kind === "named"
      ? [`kubectl delete namespace ${namespaces.join(" ")}`]
      : [`npm --prefix ${quote(checkout)} run cluster -- down --name ${keptName}`];
  return [
    "To look at it, in a new shell:",
    "",
    ...[...exportLines(stack.env), `cd ${quote(folder.stack)}`].map((line) => `  ${line}`),
    "",
    `  npm --prefix ${quote(checkout)} run --silent status -- --cwd ${quote(folder.stack)}`,
    ...namespaces.map((namespace) => `  kubectl -n ${namespace} get all,persistentvolumeclaims`),
    "  pulumi stack output next --json        # the stages that may follow, each with its command",
    "  pulumi stack output services --json    # which generation each service reports to",
    "",
    "To end it, in that shell:",
    "",
    ...[...end, `cd && rm -rf ${quote(folder.path)}`].map((line) => `  ${line}`),
  ].join("\n");
}
