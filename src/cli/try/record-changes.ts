import { entriesOf, isObject } from '../../record/check-value.ts';
import { Decimal } from '../../record/decimal.ts';
import { schemaEquals, valueEquals } from '../../record/equality.ts';
import { numberKindOf } from '../../record/java-class.ts';
import { JavaNumber } from '../../record/java-number.ts';
import { javaText } from '../../record/java-text.ts';
import { readMember } from '../../record/members.ts';
import type { ConnectRecord } from '../../record/record.ts';
import type { Schema } from '../../record/schema.ts';
import type { Value } from '../../record/value.ts';

/** A part of a record that has another value or type than before; `undefined`: it was not there, or is no more. */
export interface Change {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between two records, part by part, in the order of the first; what is new comes last. */
export function changesBetween(before: ConnectRecord, after: ConnectRecord): readonly Change[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const paths = [...old.keys(), ...[...now.keys()].filter((path) => !old.has(path))];
  const changes = paths.flatMap((path): Change[] => {
    const [a, b] = [old.get(path), now.get(path)];
    if (a?.text === b?.text && a?.type === b?.type) return [];
    const typed = a !== undefined && b !== undefined && a.type !== b.type;
    return [{ path, before: textOf(a, typed), after: textOf(b, typed) }];
  });
  return changes.length > 0 ? changes : changesOfSchemas(before, after);
}

/** What no part of a value shows: a field that is optional now, another default or doc. */
function changesOfSchemas(before: ConnectRecord, after: ConnectRecord): readonly Change[] {
  return (['key', 'value'] as const).flatMap((part) => {
    const [a, b] = [before[`${part}Schema`], after[`${part}Schema`]];
    return schemaEquals(a, b) && valueEquals(before[part], after[part])
      ? []
      : [{ path: `${part} schema`, before: 'one', after: 'another' }];
  });
}

interface Leaf {
  readonly text: string;
  readonly type: string;
}

const textOf = (leaf: Leaf | undefined, typed: boolean): string | undefined =>
  leaf === undefined ? undefined : typed ? `${leaf.text} (${leaf.type})` : leaf.text;

function leavesOf(record: ConnectRecord): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  for (const part of ['topic', 'partition', 'timestamp'] as const) leaves.set(part, { text: JSON.stringify(record[part]), type: part });
  addSchema(leaves, 'key', record.keySchema);
  add(leaves, 'key', record.key, record.keySchema);
  addSchema(leaves, 'value', record.valueSchema);
  add(leaves, 'value', record.value, record.valueSchema);
  record.headers.forEach(({ key, schema, value }, i) => {
    const same = record.headers.slice(0, i).filter((header) => header.key === key).length;
    add(leaves, `headers${step(key)}${same > 0 ? `#${same + 1}` : ''}`, value, schema);
  });
  return leaves;
}

function addSchema(leaves: Map<string, Leaf>, path: string, schema: Schema | null): void {
  if (schema === null || (schema.name === null && schema.version === null)) return;
  const text = `${schema.name ?? schema.type}${schema.version === null ? '' : ` version ${schema.version}`}`;
  leaves.set(`${path} schema`, { text, type: '' });
}

function add(leaves: Map<string, Leaf>, path: string, value: Value, schema: Schema | null): void {
  const parts = partsOf(value, schema);
  if (parts.length === 0) leaves.set(path, leafOf(value, schema));
  for (const [name, part, partSchema] of parts) add(leaves, path + name, part, partSchema);
}

type Part = readonly [step: string, value: Value, schema: Schema | null];

/** The members of a container that has some. */
function partsOf(value: Value, schema: Schema | null): readonly Part[] {
  if (Array.isArray(value)) return value.map((element, i): Part => [`[${i}]`, element, schema?.valueSchema ?? null]);
  if (!(value instanceof Map || isObject(value))) return [];
  if (schema?.type === 'struct' && isObject(value)) {
    return (schema.fields ?? []).map((field): Part => [step(field.name), readMember(value, field.name), field.schema]);
  }
  return Array.from(entriesOf(value), ([key, member]): Part => [step(String(key)), member, schema?.valueSchema ?? null]);
}

const step = (name: string): string => (/^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);

function leafOf(value: Value, schema: Schema | null): Leaf {
  return { text: leafText(value, schema), type: schema === null ? typeOfPlain(value) : (schema.name?.split('.').at(-1) ?? schema.type) };
}

function leafText(value: Value, schema: Schema | null): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'a date out of range' : value.toISOString();
  if (value instanceof Uint8Array) return `base64 ${Buffer.from(value).toString('base64')}`;
  return javaText(value, schema);
}

function typeOfPlain(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaNumber)
    return types[numberKindOf(value, null)] ?? 'number';
  if (typeof value !== 'object') return typeof value;
  if (value instanceof Date) return 'date';
  if (value instanceof Decimal) return 'decimal';
  return value instanceof Uint8Array ? 'bytes' : Array.isArray(value) ? 'array' : 'map';
}

const types: Readonly<Record<string, string>> = {
  Byte: 'int8',
  Short: 'int16',
  Integer: 'int32',
  Long: 'int64',
  Float: 'float32',
  Double: 'float64',
};
