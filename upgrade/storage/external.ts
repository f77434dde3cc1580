import * as z from "zod";

import { strict } from "../schema/object";
import { objectName } from "../schema/scalars";
import type { Checked } from "./kind";

/** A key of a Secret that somebody else makes, in the generation's Kubernetes namespace. */
const secretKey = (key: string) =>
  strict({
    name: objectName,
    /** Defaults to the usual name of such a key. */
    key: z.string().min(1, "is empty -> name a key of the Secret").default(key),
  });

/** Keys by which the OAP proves to a storage who it is. */
export const credentials = {
  user: z.string().min(1, "is empty -> write the user's name or leave the key out").optional(),
  /** Set it with `pulumi config set --secret --path`. It reaches the pods through a Secret. */
  password: z.string().min(1, "is empty -> set the password or leave the key out").optional(),
  /** Instead of `user` and `password`: a Secret of the generation's Kubernetes namespace that has both. */
  credentialsSecret: strict({
    name: objectName,
    /** Defaults to `user`. */
    userKey: z.string().min(1, "is empty -> name a key of the Secret").default("user"),
    /** Defaults to `password`. */
    passwordKey: z.string().min(1, "is empty -> name a key of the Secret").default("password"),
  }).optional(),
};

/** Keys that say whose certificates the OAP believes. */
export const authority = {
  /** The certificate authority of the server, one certificate as PEM. Defaults to those that the OAP's Java trusts. */
  ca: z
    .string()
    .regex(
      /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/,
      "is not a certificate; allowed: one certificate as PEM -> pulumi config set --path ... < ca.crt",
    )
    .optional(),
  /** Instead of `ca`: a Secret of the generation's Kubernetes namespace that has it. `key` defaults to `ca.crt`. */
  caSecret: secretKey("ca.crt").optional(),
};

/** How the OAP proves who it is. */
export type Credentials = z.output<z.ZodObject<typeof credentials>>;
/** Whose certificates the OAP believes. */
export type Authority = z.output<z.ZodObject<typeof authority>>;

export function checkCredentials({ name, storage, report }: Checked<Credentials>): void {
  if (storage.credentialsSecret !== undefined) {
    if (storage.user === undefined && storage.password === undefined) return;
    report({
      key: "credentialsSecret",
      value: storage.credentialsSecret.name,
      wrong: "cannot be combined with user or password",
      fix: "set either credentialsSecret, or user and password",
    });
  } else if (storage.password !== undefined && storage.user === undefined) {
    report({ key: "user", wrong: "is missing, but a password is set", fix: "set both or none" });
  } else if (storage.user !== undefined && storage.password === undefined) {
    report({
      key: "password",
      wrong: "is missing, but a user is set",
      fix: `pulumi config set --secret --path 'generations.${name}.storage.password'`,
    });
  }
}

export const hasCredentials = ({ user, credentialsSecret }: Credentials): boolean =>
  user !== undefined || credentialsSecret !== undefined;

/** The key that names an authority, if there is one; two are reported. */
export function authorityKey({ storage, report }: Checked<Authority>): "ca" | "caSecret" | undefined {
  if (storage.ca !== undefined && storage.caSecret !== undefined) {
    report({
      key: "caSecret",
      value: storage.caSecret.name,
      wrong: "cannot be combined with ca",
      fix: "set one of them",
    });
  }
  if (storage.ca !== undefined) return "ca";
  return storage.caSecret === undefined ? undefined : "caSecret";
}
