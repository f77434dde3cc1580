import { Document, Scalar, YAMLSeq } from "yaml";

import type { Call } from "../../upgrade/schema/call";

/** A wave of more services is written with one service per line. */
const onOneLine = 10;

function list(texts: readonly string[], flow: boolean): YAMLSeq {
  const sequence = new YAMLSeq();
  sequence.flow = flow;
  for (const text of texts) sequence.add(new Scalar(text));
  return sequence;
}

/** The values of `waves` and `calls`. */
export function wavesNodes(
  waves: readonly (readonly string[])[],
  calls: readonly Call[],
): (readonly [key: "waves" | "calls", node: YAMLSeq])[] {
  const sequence = new YAMLSeq();
  for (const wave of waves) sequence.add(list(wave, wave.length <= onOneLine));
  const texts = calls.map(({ caller, callee }) => `${caller} -> ${callee}`).sort();
  return [
    ["waves", sequence],
    ["calls", list(texts, texts.length === 0)],
  ];
}

/** The `waves:` and `calls:` parts of a stack file. */
export function wavesYaml(prefix: string, waves: readonly (readonly string[])[], calls: readonly Call[]): string {
  const document = new Document({ config: {} });
  for (const [key, node] of wavesNodes(waves, calls)) document.setIn(["config", `${prefix}${key}`], node);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
