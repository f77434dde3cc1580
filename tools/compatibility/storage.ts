import { storageBreaks, storageCautions } from "../../skywalking/compatibility/storage";
import { oapProfile, oapReleases, type OapRelease } from "../../skywalking/oap";
import { nameRuns } from "../../skywalking/release";
import {
  storageProducts,
  storageNames,
  storageOffers,
  supportsStorage,
  type StorageProduct,
  type StorageOffer,
} from "../../skywalking/storage";
import { code, notStated, rangesOf, runsBy, table, type Sources } from "./markdown";

/** The value of `SW_STORAGE`; for Elasticsearch, one for each version where they differ. */
function selectorText(release: OapRelease, kind: StorageProduct): string {
  const select = (version?: string) => {
    const storage = { kind, version };
    return supportsStorage(release, storage).supported ? code(oapProfile(release).storageSelector(storage)) : "";
  };
  if (kind !== "elasticsearch") return select();
  const [six, seven] = [select("6.8.0"), select("7.10.2")];
  return seven === "" || six === seven ? six : `6: ${six}, 7: ${seven}`;
}

function offerCells({ versions, tested, needsDriverJar, cautions }: StorageOffer): string[] {
  const notes = [
    ...(needsDriverJar === true ? ["bring the JDBC driver"] : []),
    ...(cautions ?? []).map((caution) => `${code(caution.versions)}: ${caution.text}`),
  ];
  return [versions === undefined ? notStated : code(versions), tested?.join(", ") ?? "-", notes.join("; ") || "-"];
}

export function storageTable(sources: Sources): string {
  const rows = storageProducts.flatMap((kind) =>
    rangesOf(storageOffers[kind], oapReleases).flatMap(({ held, value, source }) =>
      value === undefined
        ? []
        : runsBy(held, (release) => selectorText(release, kind)).map((run) => [
            storageNames[kind],
            nameRuns(oapReleases, run),
            ...offerCells(value),
            selectorText(run[0], kind),
            sources.cite(source),
          ]),
    ),
  );
  return table(["Storage", "OAP", "Versions", "Documented as tested", "Notes", "`SW_STORAGE`", "Source"], rows);
}

export function inPlaceTable(sources: Sources): string {
  const rows = [
    ...storageBreaks.map((row) => ({ ...row, answer: "refused" })),
    ...storageCautions.map((row) => ({ ...row, answer: "goes on" })),
  ]
    .sort((a, b) => oapReleases.indexOf(a.since) - oapReleases.indexOf(b.since))
    .map(({ since, kinds, change, source, answer }) => [
      since,
      kinds.length === storageProducts.length ? "all" : kinds.map((kind) => storageNames[kind]).join(", "),
      answer,
      change,
      sources.cite(source),
    ]);
  return table(["To or past OAP", "Storage", "In place", "What changes", "Source"], rows);
}
