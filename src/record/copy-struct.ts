import { checkField } from './check-value.ts';
import { type Members, type OpenMembers, readMember, writeMember } from './members.ts';
import type { Field, Schema } from './schema.ts';
import type { Value } from './value.ts';

/** What a field becomes: its schema, and its value from the old one. */
export interface FieldChange {
  readonly schema: Schema;
  of(value: Value): Value;
}

/** What a field is filled from. */
export interface FieldSource {
  readonly name: string;
  readonly schema: Schema;
  from(struct: Members): Value;
}

/**
 * The value of a field: where it is null and nulls are replaced, the default of its schema.
 *
 * Compiled once per schema; nothing is looked up in it per record.
 */
export function fieldReader({ name, schema }: Field, replaceNulls: boolean): (struct: Members) => Value {
  const fallback = replaceNulls ? (schema.default ?? null) : null;
  return fallback === null ? (struct) => readMember(struct, name) : (struct) => readMember(struct, name) ?? fallback;
}

/** Copies structs of a schema, with some fields changed. Throws Connect's DataException where a required field would be null. */
export function structCopier(
  { fields }: Schema,
  replaceNulls: boolean,
  changeOf: (field: Field) => FieldChange | undefined = () => undefined,
): (struct: Members) => OpenMembers {
  const steps = (fields ?? []).flatMap((field) => {
    const { name, schema } = field;
    const change = changeOf(field);
    const fallback = replaceNulls ? (schema.default ?? null) : null;
    const target = change?.schema ?? schema;
    // Optional fields without default are right as they are.
    return change === undefined && fallback === null && target.optional ? [] : [{ name, fallback, target, change }];
  });
  return (struct) => {
    const copy: OpenMembers = { ...struct };
    for (let i = 0; i < steps.length; i++) {
      const { name, fallback, target, change } = steps[i]!;
      const old = readMember(struct, name) ?? fallback;
      const value = change === undefined ? old : change.of(old);
      if (value === null && !target.optional) checkField(name, target, null);
      if (change !== undefined || old === fallback) writeMember(copy, name, value);
    }
    return copy;
  };
}

/** Makes structs of a schema field by field. Throws Connect's DataException where a required field would be null. */
export function structMaker(sources: readonly FieldSource[]): (struct: Members) => OpenMembers {
  // A copy of a template has its final shape at once, and own members of every name.
  const template: OpenMembers = {};
  for (const { name } of sources) writeMember(template, name, null);
  return (struct) => {
    const made: OpenMembers = { ...template };
    for (let i = 0; i < sources.length; i++) {
      const { name, schema, from } = sources[i]!;
      const value = from(struct);
      if (value === null && !schema.optional) checkField(name, schema, null);
      made[name] = value;
    }
    return made;
  };
}
