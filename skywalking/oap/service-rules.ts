import { createRequire } from "node:module";

import type * as Yaml from "yaml";
import * as z from "zod";

/** A place of an OAP's configuration that is for single services, by the names that the OAP shows. */
export interface ServiceRule {
  /** Where it stands: `rules.slow_rule.include-names`. Undefined: anywhere in its file. */
  readonly place: string | undefined;
  /** What stands there. */
  readonly texts: readonly string[];
  /**
   * What a text is: a `name` of a service; the name of an `entity` as alarms have it, which has services in it; or an
   * `expression` that matches the whole name of an entity.
   */
  readonly kind: "name" | "entity" | "expression";
}

/** A part of an OAP's configuration that may be for single services. */
interface RuleFile {
  /** Its path below `/skywalking/config`; a group is the service's name, where the path has it. */
  readonly path?: RegExp;
  /** Its key in the dynamic configuration, likewise. */
  readonly dynamicKey?: RegExp;
  /** Reads its content; what SkyWalking itself could not read is for nobody. */
  readonly read: (content: string, service: string | undefined) => readonly ServiceRule[];
  readonly source: string;
}

const names = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
const expression = z
  .string()
  .nullish()
  .transform((value) => (value ? [value] : []));

const alarmSettings = z
  .object({
    rules: z.record(
      z.string(),
      z.object({
        "include-names": names,
        "exclude-names": names,
        "include-names-regex": expression,
        "exclude-names-regex": expression,
      }),
    ),
  })
  .transform(({ rules }) =>
    Object.entries(rules).flatMap(([name, settings]) =>
      Object.entries(settings).map(([key, texts]): ServiceRule => ({
        place: `rules.${name}.${key}`,
        texts,
        kind: key.endsWith("-regex") ? "expression" : "entity",
      })),
    ),
  );

const rule = (place: string | undefined, texts: readonly string[]): ServiceRule => ({ place, texts, kind: "name" });

const samplingPolicies = z.object({ services: z.array(z.object({ name: z.string() })) }).transform(({ services }) => [
  rule(
    "services",
    services.map(({ name }) => name),
  ),
]);

const endpointGroups = z
  .object({ grouping: z.array(z.object({ "service-name": z.string() })) })
  .transform(({ grouping }) => [
    rule(
      "grouping",
      grouping.map((group) => group["service-name"]),
    ),
  ]);

const apdexThresholds = z
  .record(z.string(), z.unknown())
  .transform((thresholds) => [rule(undefined, Object.keys(thresholds))]);

const agentConfigurations = z
  .object({ configurations: z.record(z.string(), z.unknown()) })
  .transform(({ configurations }) => [rule("configurations", Object.keys(configurations))]);

const serviceOfDefinition = "x-sw-service-name";
const definition = z.object({ [serviceOfDefinition]: z.string().optional() });

/** The document in a YAML file; undefined for none. The package is loaded here, since most stacks never need it. */
function parse(content: string): unknown {
  const yaml = createRequire(__filename)("yaml") as typeof Yaml;
  try {
    return yaml.parse(content, { uniqueKeys: false, logLevel: "silent" });
  } catch {
    return undefined;
  }
}

function reads(format: z.ZodType<readonly ServiceRule[]>): RuleFile["read"] {
  return (content) => format.safeParse(parse(content)).data ?? [];
}

/**
 * Every part of the configuration that names services as agents report them. Not among them: `gateways.yml`, whose
 * names are not used (`apache/skywalking@v9.7.0:docs/en/setup/backend/uninstrumented-gateways.md`), and the policies
 * of continuous profiling, which are in the storage.
 */
const ruleFiles: readonly RuleFile[] = [
  {
    path: /^alarm-settings\.yml$/,
    dynamicKey: /^alarm\.default\.alarm-settings$/,
    read: reads(alarmSettings),
    source:
      "apache/skywalking@v10.4.0:oap-server/server-alarm-plugin/src/main/java/org/apache/skywalking/oap/server/core/alarm/provider/RulesReader.java:108",
  },
  {
    path: /^trace-sampling-policy-settings\.yml$/,
    dynamicKey: /^agent-analyzer\.default\.traceSamplingPolicy$/,
    read: reads(samplingPolicies),
    source: "apache/skywalking@v9.7.0:docs/en/setup/backend/trace-sampling.md",
  },
  {
    path: /^service-apdex-threshold\.yml$/,
    dynamicKey: /^core\.default\.apdexThreshold$/,
    read: reads(apdexThresholds),
    source: "apache/skywalking@v9.7.0:docs/en/setup/backend/apdex-threshold.md",
  },
  {
    path: /^endpoint-name-grouping\.yml$/,
    dynamicKey: /^core\.default\.endpoint-name-grouping$/,
    read: reads(endpointGroups),
    source: "apache/skywalking@v9.7.0:docs/en/setup/backend/endpoint-grouping-rules.md",
  },
  {
    path: /^openapi-definitions\/(?:([^/]+)\/)?[^/]+\.yaml$/,
    dynamicKey: /^core\.default\.endpoint-name-grouping-openapi\.([^.]+)/,
    read: (content, service) => {
      const said = definition.safeParse(parse(content)).data?.[serviceOfDefinition];
      return [rule(serviceOfDefinition, [said ?? service ?? []].flat())];
    },
    source:
      "apache/skywalking@v9.7.0:oap-server/server-core/src/main/java/org/apache/skywalking/oap/server/core/config/group/openapi/EndpointGroupingRuleReader4Openapi.java",
  },
  {
    dynamicKey: /^configuration-discovery\.default\.agentConfigurations$/,
    read: reads(agentConfigurations),
    source:
      "apache/skywalking@v9.7.0:oap-server/server-receiver-plugin/configuration-discovery-receiver-plugin/src/main/java/org/apache/skywalking/oap/server/receiver/configuration/discovery/AgentConfigurationsReader.java",
  },
  {
    // Conditions of scripts: `filter(name == "cart")`, `log.service == "cart"`.
    path: /\.oal$|^lal\//,
    read: (content) => [
      rule(
        undefined,
        [...content.matchAll(/"[^"\n]*"|'[^'\n]*'/g)].map(([text]) => text.slice(1, -1)),
      ),
    ],
    source:
      "apache/skywalking@v9.7.0:docs/en/concepts-and-designs/oal.md, apache/skywalking@v9.7.0:docs/en/concepts-and-designs/lal.md",
  },
];

/** What a part of the configuration says of single services. */
function rulesIn(by: "path" | "dynamicKey", name: string, content: string): readonly ServiceRule[] {
  for (const file of ruleFiles) {
    const match = file[by]?.exec(name);
    if (match) return file.read(content, match[1]);
  }
  return [];
}

/** What a file below `/skywalking/config` says of single services. */
export function rulesOfFile(path: string, content: string): readonly ServiceRule[] {
  return rulesIn("path", path, content);
}

/** What a value of the dynamic configuration says of single services. */
export function rulesOfDynamicKey(key: string, value: string): readonly ServiceRule[] {
  return rulesIn("dynamicKey", key, value);
}

/**
 * The name of an entity as alarms have it, with another name of one of its services; undefined where that service is
 * not in it: `cart`, `POD of cart`, `ENDPOINT in cart`, and two of these with `to` between
 * (`apache/skywalking@v10.4.0`, server-alarm-plugin/…/NotifyHandler.java:82).
 */
export function renamedEntity(entity: string, before: string, after: string): string | undefined {
  const parts = entity.split(/( of | in | to )/);
  return parts.includes(before) ? parts.map((part) => (part === before ? after : part)).join("") : undefined;
}

/** Entities of a service, to try an expression with. */
const entitiesOf = (service: string): readonly string[] =>
  ["NAME", "x of NAME", "x in NAME", "NAME to x", "x to NAME"].map((form) => form.replace("NAME", () => service));

/**
 * Whether an expression of an alarm rule matches a service, or anything of it, by one name and not by another. One
 * that only Java can read matches neither.
 */
export function matchesOnly(pattern: string, before: string, after: string): boolean {
  const [inline = "", flags = ""] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  let whole: RegExp;
  try {
    whole = new RegExp(`^(?:${pattern.slice(inline.length)})$`, flags);
  } catch {
    return false;
  }
  const [old, now] = [entitiesOf(before), entitiesOf(after)];
  return old.some((entity, index) => whole.test(entity) && !whole.test(String(now[index])));
}
