import * as z from "zod";

/** The client's types are classes; what is read is plain data with their fields. */
type Plain<Class> = { [Field in keyof Class]: Class[Field] };

const isMap = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A map that is handed to Kubernetes as it stands. Kubernetes alone knows its fields: the API server refuses an unknown or
 * illegal one, and since Server-Side Apply is tried without effect first, a preview says so.
 */
export function kubernetesMap<Type extends object>() {
  return z.custom<Plain<Type>>(isMap, "is not a map -> write a map");
}

/** A list of such maps. */
export function kubernetesList<Type extends object>() {
  return z.array(kubernetesMap<Type>());
}
