/**
 * The metrics adapter of SkyWalking Cloud on Kubernetes, by which HorizontalPodAutoscalers scale by metrics of an OAP
 * (`apache/skywalking-swck@v0.9.0:docs/custom-metrics-adapter.md`).
 */

/** What the name of its metrics begins with, unless its operator chose another (`--namespace`). */
export const adapterPrefix = "skywalking.apache.org|";

/**
 * The service that the labels of a metric select; undefined where they select none: `service`, or its parts as
 * `service.str.N` and, in hexadecimal, `service.byte.N`
 * (`apache/skywalking-swck@v0.9.0:adapter/pkg/provider/provider.go:100`).
 */
export function selectedService(labels: Readonly<Record<string, string>>): string | undefined {
  if (labels.service !== undefined) return labels.service;
  const parts: string[] = [];
  for (const [label, value] of Object.entries(labels)) {
    const [, kind, place] = /^service\.(str|byte)\.(\d+)$/.exec(label) ?? [];
    if (kind !== undefined) parts[Number(place)] = kind === "str" ? value : Buffer.from(value, "hex").toString();
  }
  return parts.length === 0 ? undefined : parts.join("");
}

/** The labels that select a service: one where its name may be the value of a label, else one for each part. */
export function labelsFor(service: string): Readonly<Record<string, string>> {
  if (/^[-.\w]*$/.test(service)) return { service };
  const parts = service.matchAll(/[-.\w]+|[^-.\w]/gu);
  return Object.fromEntries(
    [...parts].map(([part], index) =>
      /^[-.\w]/.test(part)
        ? [`service.str.${String(index)}`, part]
        : [`service.byte.${String(index)}`, Buffer.from(part).toString("hex")],
    ),
  );
}
