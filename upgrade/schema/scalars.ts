import * as z from "zod";

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

export const memory = z
  .string()
  .regex(/^[1-9]\d*(Mi|Gi)$/, 'is not an amount of memory; allowed: a whole number with Mi or Gi -> write e.g. "2Gi"');
export const cpu = z
  .string()
  .regex(
    /^([1-9]\d*m|[1-9]\d*|\d+\.\d+)$/,
    'is not an amount of CPU; allowed: cores or millicores -> write e.g. "500m" or "2"',
  );
export const duration = z
  .string()
  .regex(/^[1-9]\d*(s|m|h)$/, 'is not a duration; allowed: a whole number with s, m or h -> write e.g. "10m"');

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

export const image = z
  .string()
  .regex(
    /^[^\s@]+(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/,
    "is not an image with a tag or digest -> write registry/repository:tag",
  );

/** Without a user: a password in a URL would be shown in messages. */
export const httpUrl = z
  .string()
  .regex(
    /^https?:\/\/[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:\d{1,5})?$/,
    'is not a URL; allowed: http or https, host and port, no path, no user -> write e.g. "http://skywalking-oap.tracing:12800"',
  );

export const absolutePath = (example: string) =>
  z.string().startsWith("/", `is not an absolute path -> write e.g. ${example}`);

/** Variables of a container, by name. */
export const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not the name of a variable -> rename it"),
  z.string(),
);
