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
import { code, list, notStated, rangesOf, runsBy, table, type Sources } from "./markdown";

/** The value of `SW_STORAGE`; for Elasticsearch, one for each version where they differ. */
function selectorText(release: OapRelease, kind: StorageProduct): string {
  const select = (version?: string) => {
    const storage = { kind, version };
    return supportsStorage(release, storage).supported ? code(oapProfile(release).storageSelector(storage)) : "";
  };
  if (kind !== "elasticsearch") return select() || "-";
  const [six, seven] = [select("6.8.0"), select("7.10.2")];
  return seven === "" || six === seven ? six : `6: ${six}, 7: ${seven}`;
}

/** What a table has no room for. */
function offerNotes(oap: string, { needsDriverJar, cautions }: StorageOffer): string[] {
  return [
    ...(needsDriverJar === true ? [`${oap}: bring the JDBC driver.`] : []),
    ...(cautions ?? []).map(({ versions, text }) => `${oap} with ${code(versions)}: ${text}.`),
  ];
}

function offerCells(offer: StorageOffer | undefined): string[] {
  if (offer === undefined) return ["not supported", "-"];
  return [offer.versions === undefined ? notStated : code(offer.versions), offer.tested?.join(", ") ?? "-"];
}

/** A heading for each kind of storage. */
export function storageBlocks(sources: Sources): string[] {
  return storageProducts.flatMap((kind) => {
    const offers = rangesOf(storageOffers[kind], oapReleases);
    const rows = offers.flatMap(({ held, value, source }) =>
      runsBy(held, (release) => selectorText(release, kind)).map((run) => [
        nameRuns(oapReleases, run),
        ...offerCells(value),
        selectorText(run[0], kind),
        sources.cite(source),
      ]),
    );
    const notes = offers.flatMap(({ range, value = {} }) => offerNotes(`OAP ${range}`, value));
    return [
      `### ${storageNames[kind]}`,
      table(["OAP", "Versions", "Documented as tested", "`SW_STORAGE`", "Source"], rows),
      ...(notes.length === 0 ? [] : [list(notes)]),
    ];
  });
}

export function inPlaceList(sources: Sources): string {
  const changes = [
    ...storageBreaks.map((row) => ({ ...row, answer: "refused" })),
    ...storageCautions.map((row) => ({ ...row, answer: "goes on" })),
  ].sort((a, b) => oapReleases.indexOf(a.since) - oapReleases.indexOf(b.since));
  return list(
    changes.map(({ since, storedSince, kinds, change, source, answer }) => {
      const storages =
        kinds.length === storageProducts.length ? "every storage" : kinds.map((kind) => storageNames[kind]).join(", ");
      const from = storedSince === undefined ? "" : `, from ${storedSince} on`;
      return `**${since}**${from}, ${storages}: ${answer}; ${change}. ${sources.cite(source)}`;
    }),
  );
}
