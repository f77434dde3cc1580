const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

/** A size in bytes, of the binary units that the program and Kubernetes write; NaN for what it does not know. */
export function bytes(size: string): number {
  const [, number = "", unit = ""] = /^(\d+)([KMGTP]i)?$/.exec(size) ?? [];
  return number === "" ? Number.NaN : Number(number) * 1024 ** units.indexOf(unit);
}

/** Whether one size is larger than another; false where one of them cannot be read. */
export function isLarger(size: string, other: string): boolean {
  return bytes(size) > bytes(other);
}

/** An amount of memory of the config (`512Mi`, `2Gi`) in MiB. */
export function mebibytes(memory: string): number {
  return bytes(memory) / 1024 ** 2;
}

/** An amount of CPU of the config (`500m`, `2`, `0.5`) in millicores. */
export function millicores(cpu: string): number {
  return cpu.endsWith("m") ? Number.parseInt(cpu, 10) : Number.parseFloat(cpu) * 1000;
}
