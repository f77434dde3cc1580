import { Document, stringify, YAMLMap } from "yaml";

import type { Proposal } from "./proposal";

const asComment = (lines: readonly string[]): string => lines.map((line) => ` ${line}`).join("\n");

/** A proposal with open questions, as comment lines: once answered and uncommented, it is an entry. */
function commentedOut({ key, entry, notes, questions }: Proposal): string[] {
  const text = stringify({ [key]: entry }, { lineWidth: 0 }).trimEnd();
  return [...notes, ...questions.map((question) => `NOT TAKEN OVER: ${question}`), ...text.split("\n")];
}

/**
 * Adds proposals to the services of a stack file: those that can be taken over as entries, each with a comment on what
 * was found; the rest as comments after them.
 */
export function addServices(services: YAMLMap, proposals: readonly Proposal[]): void {
  const document = new Document();
  for (const { key, entry, notes, questions } of proposals) {
    if (questions.length > 0) continue;
    const name = document.createNode(key);
    name.commentBefore = asComment(notes);
    name.spaceBefore = services.items.length > 0;
    services.items.push(document.createPair(name, entry));
  }
  const open = proposals.filter(({ questions }) => questions.length > 0);
  if (open.length === 0) return;
  const comment = open.map((proposal) => asComment(commentedOut(proposal))).join("\n\n");
  // Without any entry YAML needs a {}, which comes after the comment.
  if (services.items.length === 0) services.commentBefore = comment;
  else services.comment = [...(services.comment == null ? [] : [services.comment]), comment].join("\n\n");
}

/** The `services:` part of a stack file. */
export function servicesYaml(key: string, proposals: readonly Proposal[]): string {
  const services = new YAMLMap();
  addServices(services, proposals);
  const document = new Document({ config: {} });
  document.setIn(["config", key], services);
  return document.toString({ lineWidth: 0 });
}
