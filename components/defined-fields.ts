type Defined<Fields> = { [Field in keyof Fields]?: Exclude<Fields[Field], undefined> };

/**
 * The fields that have a value. With Server-Side Apply a field that is left out belongs to somebody else, or to nobody,
 * so what the config does not say must not be there.
 */
export function definedFields<Fields extends object>(fields: Fields): Defined<Fields> {
  // fromEntries forgets which field has which type; filtering changed no value.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}
