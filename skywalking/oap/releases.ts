/**
 * Every release of the OAP server since 6.0.0-GA, oldest first: the `v*` tags of apache/skywalking.
 * Left out: alpha and beta tags, and `v8.3.0.2`, a tag on a development commit of January 2021 that was never released.
 */
export const oapReleases = [
  "6.0.0-GA",
  "6.1.0",
  "6.2.0",
  "6.3.0",
  "6.4.0",
  "6.5.0",
  "6.6.0",
  "7.0.0",
  "8.0.0",
  "8.0.1",
  "8.1.0",
  "8.2.0",
  "8.3.0",
  "8.4.0",
  "8.5.0",
  "8.6.0",
  "8.7.0",
  "8.8.0",
  "8.8.1",
  "8.9.0",
  "8.9.1",
  "9.0.0",
  "9.1.0",
  "9.2.0",
  "9.3.0",
  "9.4.0",
  "9.5.0",
  "9.6.0",
  "9.7.0",
  "10.0.0",
  "10.0.1",
  "10.1.0",
  "10.2.0",
  "10.3.0",
  "10.4.0",
] as const;

export type OapRelease = (typeof oapReleases)[number];
