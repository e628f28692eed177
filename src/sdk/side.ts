import type { ConnectRecord } from '../record/record.ts';
import type { Schema } from '../record/schema.ts';
import type { Value } from '../record/value.ts';
import { mapRecord } from './map-record.ts';
import type { BatchOperator } from './operator.ts';
import { perSchema } from './per-schema.ts';

/** The half of a record that an operator works on: Connect's `$Key` and `$Value`. */
export interface Side {
  readonly part: 'key' | 'value';
  schemaOf(record: ConnectRecord): Schema | null;
  valueOf(record: ConnectRecord): Value;
  /** The record with another schema and value on this side. */
  replace(record: ConnectRecord, schema: Schema | null, value: Value): ConnectRecord;
}

// Literals of the fixed shape rather than spreads: they keep the hidden class and are made faster.
export const valueSide: Side = {
  part: 'value',
  schemaOf: (record) => record.valueSchema,
  valueOf: (record) => record.value,
  replace: ({ topic, partition, keySchema, key, timestamp, headers, offset, origin }, valueSchema, value) => ({
    topic,
    partition,
    keySchema,
    key,
    valueSchema,
    value,
    timestamp,
    headers,
    offset,
    origin,
  }),
};

export const keySide: Side = {
  part: 'key',
  schemaOf: (record) => record.keySchema,
  valueOf: (record) => record.key,
  replace: ({ topic, partition, valueSchema, value, timestamp, headers, offset, origin }, keySchema, key) => ({
    topic,
    partition,
    keySchema,
    key,
    valueSchema,
    value,
    timestamp,
    headers,
    offset,
    origin,
  }),
};

/** What becomes of values of one schema: their new schema, and the function that makes them. */
export interface Conversion {
  readonly schema: Schema | null;
  of(value: Value, record: ConnectRecord): Value;
}

interface SideConversion {
  /** Records that have nothing on this side pass unchanged. */
  readonly skipsNull?: boolean;
  /** The new value of one without schema. */
  schemaless(value: Value, record: ConnectRecord): Value;
  /** Compiles the conversion for a schema; asked once for each. */
  withSchema(schema: Schema): Conversion;
}

/** Converts one side of each record, by the schema of that side. */
export function convertSide(side: Side, { skipsNull = false, schemaless, withSchema }: SideConversion): BatchOperator {
  const conversionFor = perSchema(withSchema);
  return mapRecord((record) => {
    const value = side.valueOf(record);
    if (skipsNull && value === null) return record;
    const schema = side.schemaOf(record);
    if (schema === null) return side.replace(record, null, schemaless(value, record));
    const conversion = conversionFor(schema);
    return side.replace(record, conversion.schema, conversion.of(value, record));
  });
}
