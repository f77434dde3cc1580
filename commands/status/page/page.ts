import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Eta } from "eta";

import type { Status } from "../status";
import { disagreementsOf } from "../text";
import { answerText, podsText, reportsText, stageText, writerText } from "../words";
import { picture } from "./picture";

const eta = new Eta({ views: __dirname, autoTrim: false });

/**
 * The status as one self-contained page, light and dark, for phones too; it needs no network and no scripts. The
 * template engine escapes what is written into it.
 */
export function statusPage(status: Status): string {
  return eta.render("./page", {
    status,
    picture: picture(status),
    disagreements: disagreementsOf(status),
    words: { answerText, podsText, reportsText, stageText, writerText },
    css: readFileSync(join(__dirname, "page.css"), "utf8"),
  });
}
