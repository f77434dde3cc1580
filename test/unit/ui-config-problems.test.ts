import { changed, exampleConfig, fixtureConfig } from "../example";
import { problemsOf } from "./problems-of";

const user = { username: "admin", passwordHash: "$argon2id$v=19$m=65536,t=3,p=4$not$a-secret", roles: ["admin"] };
const missing =
  "generations.v9.ui.users: is missing: Horizon, the UI of OAP 11.0.0, has no account of its own, so nobody could sign in -> name at least one user, or set ui.replicas to 0; see docs/horizon.md";
const unused = (key: string) =>
  `generations.v9.ui.${key}: cannot be used: the UI of OAP 9.7.0 has neither users nor administration; allowed: OAP 11.0.0 or newer -> remove it`;
const own = (variable: string) => `generations.v9.ui.env.${variable}: is set by the program -> remove it`;

/** What is changed in the generation v9 of the example, and every problem that is told. */
test.each<[name: string, version: string, ui: object, problems: string[]]>([
  ["nobody may sign in", "11.0.0", {}, [missing]],
  ["somebody may sign in", "11.0.0", { users: [user] }, []],
  ["no UI", "11.0.0", { replicas: 0 }, []],
  ["people of a directory", "11.0.0", { env: { HORIZON_AUTH_BACKEND: "ldap", HORIZON_AUTH_LDAP: "{}" } }, []],
  ["the administration for the UI", "11.0.0", { users: [user], admin: true }, []],
  ["users of a UI that has none", "9.7.0", { users: [user] }, [unused("users")]],
  ["administration of an OAP that has none", "9.7.0", { admin: true }, [unused("admin")]],
  [
    "what the program sets",
    "11.0.0",
    { users: [user], env: { HORIZON_OAP_QUERY_URL: "x", HORIZON_AUTH_LOCAL_USERS: "[]", SW_OAP_ADDRESS: "x" } },
    [own("HORIZON_OAP_QUERY_URL"), own("HORIZON_AUTH_LOCAL_USERS"), own("SW_OAP_ADDRESS")],
  ],
  [
    "a password in place of its hash, and no role",
    "11.0.0",
    { users: [{ ...user, passwordHash: "secret", roles: [] }] },
    [
      "generations.v9.ui.users.0.passwordHash: is not an Argon2id hash; allowed: $argon2id$... -> make one, as docs/horizon.md says",
      "generations.v9.ui.users.0.roles: [] is empty -> write at least one role",
    ],
  ],
  [
    "a user without a name",
    "11.0.0",
    { users: [{ ...user, username: "" }] },
    ['generations.v9.ui.users.0.username: "" is empty -> write a name'],
  ],
  [
    "no users",
    "11.0.0",
    { users: [] },
    ["generations.v9.ui.users: [] is empty -> write at least one user, or leave the key out"],
  ],
])("%s: OAP %s", (_, version, ui, problems) => {
  const config = changed(exampleConfig(), { "generations.v9.version": version, "generations.v9.ui": ui });
  expect(problemsOf(config)).toEqual(problems);
});

test.each([
  ["name nobody", {}, [missing.replace("v9", "main")]],
  ["name somebody", { users: [user] }, []],
])("an OAP that becomes 11.0.0 in place is asked for users before it does: %s", (_, ui, problems) => {
  const config = changed(fixtureConfig("in-place"), {
    "generations.main.version": "10.4.0",
    "generations.main.inPlace.version": "11.0.0",
    "generations.main.ui": ui,
  });
  expect(problemsOf(config)).toEqual(problems);
});
