import type { Schema } from '../record/schema.ts';

/** Remembers what `make` answers for each schema, by its identity, for as long as the schema lives. */
export function perSchema<T>(make: (schema: Schema) => T): (schema: Schema) => T {
  const made = new WeakMap<Schema, { readonly answer: T }>();
  let lastSchema: Schema | undefined;
  let last: { readonly answer: T } | undefined;
  return (schema) => {
    // Records in a row mostly share their schema.
    if (schema === lastSchema && last !== undefined) return last.answer;
    let found = made.get(schema);
    if (found === undefined) {
      found = { answer: make(schema) };
      made.set(schema, found);
    }
    lastSchema = schema;
    last = found;
    return found.answer;
  };
}
