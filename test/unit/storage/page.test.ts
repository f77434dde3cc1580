import { readConfig } from "../../../upgrade/read-config";
import { storage } from "../../../upgrade/storage/storage";
import { storageExamples } from "../../storage-page";

const kinds = storage.options.map(({ shape }) => shape.kind.value);
const kindsIn = (config: object): string[] =>
  [...JSON.stringify(config).matchAll(/"kind":"([^"]+)"/g)].map(([, kind = ""]) => kind);

test.each(storageExamples().map(({ name, config }) => [name, config] as const))(
  "the example %s is legal",
  (_, config) => {
    expect(() => readConfig(config)).not.toThrow();
  },
);

test.each(kinds)("there is an example of %s under its name", (kind) => {
  const examples = storageExamples().filter(
    ({ name }) =>
      name === kind ||
      (name.startsWith(`${kind}-`) &&
        !kinds.some((other) => other !== kind && other.startsWith(kind) && name.startsWith(other))),
  );
  expect(examples.length).toBeGreaterThan(0);
  for (const { config } of examples) expect(kindsIn(config)).toContain(kind);
});
