import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { Document, isMap, parseDocument, YAMLMap } from "yaml";

/** A stack file that is edited in place: comments, order and everything unchanged are kept. */
export class StackDocument {
  private constructor(
    private readonly file: string,
    private readonly document: Document,
  ) {}

  /** @throws Error when the file exists but is not YAML */
  static open(file: string): StackDocument {
    const document = existsSync(file) ? parseDocument(readFileSync(file, "utf8")) : new Document({});
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${file} cannot be read: ${error.message} -> fix it first`);
    return new StackDocument(file, document);
  }

  /** The map at a key of `config`, created if missing. */
  map(key: string): YAMLMap {
    const config = this.configMap();
    const found: unknown = config.get(key);
    // `services: {}` on one line cannot hold comments.
    if (isMap(found) && found.items.length > 0) return found;
    const made = new YAMLMap();
    config.set(key, made);
    return made;
  }

  /** Sets a key of `config`; a comment before the key is kept. */
  set(key: string, value: unknown): void {
    this.configMap().set(key, value);
  }

  /** Sets the value at a path below `config`, creating maps and lists on the way; undefined removes the value. */
  setIn(path: readonly [string, ...(string | number)[]], value: unknown): void {
    if (value === undefined) this.configMap().deleteIn(path);
    else this.configMap().setIn(path, this.document.createNode(value));
  }

  save(): void {
    writeFileSync(this.file, this.toString());
  }

  toString(): string {
    return this.document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }

  private configMap(): YAMLMap {
    const config: unknown = this.document.get("config");
    if (isMap(config)) return config;
    const made = new YAMLMap();
    this.document.set("config", made);
    return made;
  }
}
