import { oapProfile } from "../skywalking/oap";
import { inNextRelease } from "./backend";
import type { ManagedGeneration } from "./config";
import type { Report } from "./problem";

/** What the program sets on the UI itself. */
const ownEnv =
  /^(SW_OAP_ADDRESS|SW_SERVER_PORT|HORIZON_(OAP_(QUERY|ADMIN)_URL|TEMPLATES_MODE|SERVER_(HOST|PORT)|AUTH_LOCAL_USERS))$/;

/** Variables by which Horizon is told of people that the program does not know of: LDAP, single sign-on. */
const signIn = "HORIZON_AUTH_";

/** Checks what the schema of one key cannot see in the UI of a generation, in the release that it has and will have. */
export function checkUi(name: string, generation: ManagedGeneration, report: Report): void {
  const key = `generations.${name}.ui`;
  const { replicas, users, admin, env = {} } = generation.ui;
  for (const variable of Object.keys(env)) {
    if (ownEnv.test(variable)) {
      report({ key: `${key}.env.${variable}`, wrong: "is set by the program", fix: "remove it" });
    }
  }
  const { version } = [generation, inNextRelease(generation)].find(hasHorizon) ?? {};
  if (version === undefined) {
    const unused = [...(users === undefined ? [] : ["users"]), ...(admin ? ["admin"] : [])];
    for (const unknown of unused) {
      report({
        key: `${key}.${unknown}`,
        wrong: `cannot be used: the UI of OAP ${generation.version} has neither users nor administration; allowed: OAP 11.0.0 or newer`,
        fix: "remove it",
      });
    }
    return;
  }
  if (replicas > 0 && users === undefined && !Object.keys(env).some((variable) => variable.startsWith(signIn))) {
    report({
      key: `${key}.users`,
      wrong: `is missing: Horizon, the UI of OAP ${version}, has no account of its own, so nobody could sign in`,
      fix: "name at least one user, or set ui.replicas to 0; see docs/horizon.md",
    });
  }
}

function hasHorizon({ behavesLike }: ManagedGeneration): boolean {
  return oapProfile(behavesLike).ui.name === "horizon";
}
