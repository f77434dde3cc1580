import { noFiles } from "../pod-files";
import type { StorageBinding } from "./binding";

/** In the memory of the server that makes it: what an init Job would put into it is gone with the Job. */
export function bindH2(): StorageBinding {
  return { connection: { env: [], files: noFiles, installedBy: "servers" }, resources: [] };
}
