/** An amount of memory of the config (`512Mi`, `2Gi`) in MiB. */
export function mebibytes(memory: string): number {
  return Number.parseInt(memory, 10) * (memory.endsWith("Gi") ? 1024 : 1);
}

/** An amount of CPU of the config (`500m`, `2`, `0.5`) in millicores. */
export function millicores(cpu: string): number {
  return cpu.endsWith("m") ? Number.parseInt(cpu, 10) : Number.parseFloat(cpu) * 1000;
}
