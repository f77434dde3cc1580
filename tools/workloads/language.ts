import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { AgentLanguage } from "../../skywalking/agent";

/** What a container starts. */
const commands: readonly (readonly [RegExp, AgentLanguage])[] = [
  [/^(java|catalina\.sh|jetty\.sh)$/, "java"],
  [/^(sw-python|python[\d.]*|gunicorn|uvicorn|flask|celery)$/, "python"],
  [/^(node|nodejs|npm|npx|yarn|pnpm)$/, "nodejs"],
  [/^(php[\d.]*|php-fpm[\d.]*)$/, "php"],
  [/^(ruby|bundle|rails|puma|rake)$/, "ruby"],
];

/** Variables that only programs of one language read. */
const variables: readonly (readonly [RegExp, AgentLanguage])[] = [
  [/^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|JAVA_OPTS|JAVA_HOME|CATALINA_OPTS)$/, "java"],
  [/^PYTHON[A-Z]+$/, "python"],
  [/^(NODE_OPTIONS|NODE_ENV|NODE_PATH)$/, "nodejs"],
  [/^(RUBYOPT|RAILS_ENV|GEM_HOME)$/, "ruby"],
];

/** Images that are known by the language of what runs in them. */
const images: readonly (readonly [RegExp, AgentLanguage])[] = [
  [/(^|\/)(openjdk|eclipse-temurin|amazoncorretto|tomcat|jetty|azul\/zulu-openjdk)(:|@|$)/, "java"],
  [/(^|\/)(python|pypy)(:|@|$)/, "python"],
  [/(^|\/)node(:|@|$)/, "nodejs"],
  [/(^|\/)php(:|@|$)/, "php"],
  [/(^|\/)ruby(:|@|$)/, "ruby"],
];

const lookUp = (table: readonly (readonly [RegExp, AgentLanguage])[], word: string): AgentLanguage | undefined =>
  table.find(([pattern]) => pattern.test(word))?.[1];

/** The language of a container's program, by what it starts, its variables and its image; undefined where none says it. */
export function languageByCommand({
  command = [],
  args = [],
  env = [],
  image = "",
}: V1Container): AgentLanguage | undefined {
  // A shell's command line is one word of the list.
  const words = [...command, ...args].flatMap((word) => word.split(/\s+/)).map((word) => word.replace(/^.*\//, ""));
  const first = words.map((word) => lookUp(commands, word)).find((language) => language !== undefined);
  const byVariable = env.map(({ name }) => lookUp(variables, name)).find((language) => language !== undefined);
  return first ?? byVariable ?? lookUp(images, image);
}
