import { oapProfile } from "../../skywalking/oap";
import { inMemoryOfOap, storageNames } from "../../skywalking/storage";
import type { Config, NamedGeneration } from "../config";
import { plural } from "../plural";
import { storageRef } from "../storage/storage";
import { aboutGeneration, type Warning } from "./warning";

/** Known problems of a storage that a release works with. */
export function storagesInUse(declared: readonly NamedGeneration[]): Warning[] {
  return declared.flatMap(({ name, generation }) => {
    if (!generation.managed) return [];
    const ref = storageRef(generation);
    if (inMemoryOfOap.has(ref.kind)) {
      return [
        aboutGeneration(
          "data-in-memory",
          name,
          ": its data is in the memory of its OAP, and is lost when the OAP stops",
        ),
      ];
    }
    const support = oapProfile(generation.behavesLike).supportsStorage(ref);
    const product = `${storageNames[ref.kind]} ${String(ref.version)}`;
    return "caution" in support ? [aboutGeneration("storage-caution", name, `: ${product}: ${support.caution}`)] : [];
  });
}

/** Secrets that whoever reads the stack file reads too. */
export function secretsInClear({ inClear }: Config): Warning[] {
  return [...inClear].flatMap(([name, [key, ...more]]) => {
    if (key === undefined) return [];
    const keys = [key, ...more].join(", ");
    const command = `pulumi config set --secret --path 'generations.${name}.${key}'`;
    return [aboutGeneration("secret-in-clear", name, `: ${keys}: in clear in the stack file; ${command}`)];
  });
}

/** Variables that mean nothing to a release, and did to an earlier one. */
export function variablesNotRead(declared: readonly NamedGeneration[]): Warning[] {
  return declared.flatMap(({ name, generation }) => {
    if (!generation.managed) return [];
    const { version, behavesLike, oap } = generation;
    return Object.entries(oapProfile(behavesLike).env.replaced).flatMap(([variable, now]) =>
      variable in oap.env
        ? [
            aboutGeneration(
              "variable-not-read",
              name,
              `: OAP ${version} does not read ${variable}, which oap.env sets${now === undefined ? "" : `; it reads ${now}`}`,
            ),
          ]
        : [],
    );
  });
}

/** A backend that is to be deleted while its OAP still runs. */
export function notDrained({ stage, from }: Config, present: ReadonlyMap<string, number>): Warning[] {
  const replicas = present.get(from.name) ?? 0;
  if (stage.row.from.presence !== "absent" || replicas === 0) return [];
  return [
    aboutGeneration(
      "not-drained",
      from.name,
      ` has not been drained and its OAP still has ${plural(replicas, "replica")}, so the engine refuses to delete it. Do not unprotect anything, go through drain: pulumi config set stage drain && pulumi up`,
    ),
  ];
}

/** What a stage does to a backend, and is left to whoever manages that backend. */
export function leftToOthers({ stage, from }: Config): Warning[] {
  const { leftToUser } = stage.row;
  return from.generation.managed || leftToUser === undefined
    ? []
    : [aboutGeneration("not-managed", from.name, ` is not managed here: ${leftToUser}`)];
}

/** Backends of upgrades that are over. */
export function notUsed({ generations, from, to }: Config): Warning[] {
  return Object.entries(generations)
    .filter(([name, generation]) => name !== from.name && name !== to.name && generation.managed)
    .map(([name]) =>
      aboutGeneration(
        "generation-not-used",
        name,
        " is neither `from` nor `to`: it is not declared, and whatever is left of it is deleted",
      ),
    );
}
