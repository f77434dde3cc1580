import { isIPv4 } from "node:net";

import * as z from "zod";

import { milliseconds } from "../duration";
import { mebibytes } from "../quantity";

export const atMost = (length: number) => `is longer than ${String(length)} characters -> shorten it`;

export const kubernetesName = (length: number) =>
  z
    .string()
    .max(length, atMost(length))
    .regex(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
      "is not a Kubernetes name; allowed: lower-case letters, digits and '-', beginning and ending with a letter or digit -> rename it",
    );
export const dnsLabel = kubernetesName(63);

export const objectName = z
  .string()
  .max(253, atMost(253))
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    "is not a Kubernetes object name; allowed: lower-case letters, digits, '-' and '.' -> write the name as `kubectl get` prints it",
  );

/** Less starts none of the servers. */
const leastMemory = 64;
export const memory = z
  .string()
  .regex(/^[1-9]\d*(Mi|Gi)$/, {
    error: 'is not an amount of memory; allowed: a whole number with Mi or Gi -> write e.g. "2Gi"',
    abort: true,
  })
  .refine(
    (text) => mebibytes(text) >= leastMemory,
    `is too little; allowed: ${String(leastMemory)}Mi or more -> write e.g. "2Gi"`,
  );
export const cpu = z
  .string()
  .regex(
    /^([1-9]\d*m|[1-9]\d*|(?=.*[1-9])\d+\.\d+)$/,
    'is not an amount of CPU; allowed: cores or millicores -> write e.g. "500m" or "2"',
  );
const longestHours = 168;
export const duration = z
  .string()
  .regex(/^[1-9]\d*(s|m|h)$/, {
    error: 'is not a duration; allowed: a whole number with s, m or h -> write e.g. "10m"',
    abort: true,
  })
  .refine(
    (text) => milliseconds(text) <= milliseconds(`${String(longestHours)}h`),
    `is too long; allowed: up to ${String(longestHours)}h -> write e.g. "10m"`,
  );

export const integer = z.int("is not a whole number -> write a whole number");

export const replicas = (min: number) =>
  integer
    .min(min, `is too few; allowed: ${String(min)} to 100 -> write a number in that range`)
    .max(100, `is too many; allowed: ${String(min)} to 100 -> write a number in that range`);
export const wholeNumber = (min: number) =>
  integer.min(min, `is too small; allowed: ${String(min)} or more -> write such a number`);
export const portNumber = integer
  .min(1, "is not a port; allowed: 1 to 65535 -> write a number in that range")
  .max(65535, "is not a port; allowed: 1 to 65535 -> write a number in that range");

/** Whether what has the form `host` or `host:port` can be an address: what ends in a number must be an IPv4 address. */
function isHostAndPort(text: string): boolean {
  const [host, port = "1"] = text.split(":") as [string, string?];
  const endsInNumber = /(^|\.)(\d+|0x[0-9a-f]*)$/i.test(host);
  return (endsInNumber ? isIPv4(host) : !host.includes("..")) && Number(port) > 0 && Number(port) < 65_536;
}

/** A text of some form with hosts and ports, of which each can be an address. */
export function withHosts(form: RegExp, hostsOf: (text: string) => readonly string[], error: string) {
  return z
    .string()
    .regex(form, { error, abort: true })
    .refine((text) => hostsOf(text).every(isHostAndPort), error);
}

/** The host of an address, for a regular expression. */
export const host = "[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?";

/** The registry of an image, where it has a port. */
const registryOf = (image: string): string[] =>
  image
    .split("/")
    .slice(0, -1)
    .filter((part) => part.includes(":"));

export const image = withHosts(
  /^(?=.*(:\w[\w.-]*|@sha256:[0-9a-f]{64})$)[A-Za-z0-9][\w.-]*(:\d{1,5})?(\/[\w.-]+)*(:\w[\w.-]*)?(@sha256:[0-9a-f]{64})?$/,
  registryOf,
  "is not an image with a tag or digest -> write registry/repository:tag",
);

const hostOfUrl = (url: string): string[] => [url.replace(/^https?:\/\//, "")];

/** Without a user: a password in a URL would be shown in messages. */
export const httpUrl = withHosts(
  new RegExp(`^https?://${host}(:\\d{1,5})?$`),
  hostOfUrl,
  'is not a URL; allowed: http or https, host and port up to 65535, no path, no user -> write e.g. "http://skywalking-oap.tracing:12800"',
);

/** URL of a node of a storage, which names its port. */
export const nodeUrl = withHosts(
  new RegExp(`^https?://${host}:\\d{1,5}$`),
  hostOfUrl,
  "is not the URL of a node; allowed: http://host:port or https://host:port, a port up to 65535, no path, no user -> write it in that form",
);

export const absolutePath = (example: string) =>
  z.string().regex(/^\/\P{Cc}*$/u, `is not an absolute path -> write e.g. ${example}`);

/** A path that is a word of a shell's command, or a part of a JVM's options: without what they could take for more. */
export const plainPath = (example: string) =>
  z
    .string()
    .regex(
      /^(\/(?!\.{1,2}(\/|$))[\w.@+-]+)+\/?$/,
      `is not a path that can be used; allowed: an absolute one of letters, digits, '_', '.', '@', '+' and '-', but not / itself -> write e.g. ${example}`,
    );

/** A text that a process can have in its environment. */
export const withoutNul = z
  .string()
  .refine((text) => !text.includes("\0"), "has a NUL character, which no process can be given -> remove it");

/** Variables of a container, by name. */
export const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not the name of a variable -> rename it"),
  withoutNul,
);
