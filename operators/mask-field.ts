import {
  castNumber,
  config,
  convertSide,
  Decimal,
  dataException,
  defineForSides,
  distinctValues,
  JavaNumber,
  java,
  javaClassName,
  list,
  type NumberKind,
  notEmpty,
  numberKindOf,
  type OpenMembers,
  readMember,
  replaceNullField,
  requireMap,
  requireStruct,
  type Schema,
  schemalessNumber,
  string,
  structCopier,
  type Value,
  writeMember,
} from 'sluice/sdk';

const purpose = 'mask fields';

/** Replaces fields of the value by a blank of their type, or by a fixed text or number. */
export const { value: maskField, key: maskFieldKey } = defineForSides({
  name: 'mask-field',
  javaClass: 'org.apache.kafka.connect.transforms.MaskField',
  summary: 'Replaces fields of the value by a blank of their type, or by one text.',
  config: config({
    fields: list({
      importance: 'high',
      doc: 'Names of the fields to mask.',
      checks: [distinctValues({ allowEmpty: false, allowNull: false })],
    }),
    replacement: string({
      default: null,
      importance: 'low',
      doc: 'What texts and numbers are replaced by; without it, by nothing or zero.',
      checks: [notEmpty],
    }),
    ...replaceNullField,
  }),
  create: ({ fields, replacement, 'replace.null.with.default': replaceNulls }, side) => {
    const names = new Set(fields);
    // Seen in which of several fields that cannot be masked is told.
    const inOrder = java.hashOrder(fields);
    const mask = replacement === null ? blank : replaceBy(replacement);
    const masked = (value: Value, schema: Schema | null): Value => (value === null ? null : mask(value, schema));
    return convertSide(side, {
      schemaless: (value) => {
        const members = requireMap(value, purpose);
        const copy: OpenMembers = { ...members };
        for (const name of inOrder) writeMember(copy, name, masked(readMember(members, name), null));
        return copy;
      },
      withSchema: (schema) => {
        const copy = structCopier(schema, replaceNulls, ({ name, schema: field }) =>
          names.has(name) ? { schema: field, of: (value) => masked(value, field) } : undefined,
        );
        return { schema, of: (value) => copy(requireStruct(schema, value, purpose)) };
      },
    });
  },
});

const epoch = new Date(0);
const noElements: readonly Value[] = Object.freeze([]);

function blank(value: Exclude<Value, null>, schema: Schema | null): Value {
  switch (typeof value) {
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'number':
    case 'bigint':
      return schema === null ? schemalessNumber(0, numberKindOf(value, null)) : 0;
  }
  if (value instanceof JavaNumber) return schemalessNumber(0, value.kind);
  if (value instanceof Decimal) return new Decimal(0n, 0);
  if (value instanceof Date) return epoch;
  if (Array.isArray(value)) return noElements;
  if (value instanceof Uint8Array || schema?.type === 'struct')
    throw dataException(`Cannot mask value of type: class ${javaClassName(value, schema)}`);
  return schema === null ? {} : new Map();
}

/** Texts by the replacement, numbers by the number that it says. */
function replaceBy(replacement: string): typeof blank {
  const number = Decimal.parse(replacement);
  const unreadable = (what: string) => dataException(`Unable to convert ${replacement} (class java.lang.String) to ${what}`);
  const ofKind = (kind: NumberKind): number | bigint => {
    if (number === undefined) throw unreadable('a number');
    const converted = castNumber({ value: number }, kind === 'Float' ? 'Double' : kind);
    return kind === 'Float' ? Math.fround(Number(converted)) : converted;
  };
  return (value, schema) => {
    if (typeof value === 'string') return replacement;
    if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaNumber) {
      const kind = numberKindOf(value, schema);
      return schema === null ? schemalessNumber(ofKind(kind), kind) : ofKind(kind);
    }
    if (!(value instanceof Decimal))
      throw dataException(`Cannot mask value of type class ${javaClassName(value, schema)} with custom replacement.`);
    if (number === undefined) throw unreadable('number');
    return number;
  };
}
