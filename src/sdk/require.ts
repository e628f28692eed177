import { ConnectError, dataException } from '../errors/connect-error.ts';
import { isObject } from '../record/check-value.ts';
import { javaClassName } from '../record/java-class.ts';
import type { Members } from '../record/members.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { Field, Schema } from '../record/schema.ts';
import type { Value } from '../record/value.ts';

/** The members of a value without schema. `purpose` is what Connect's message names: `only Map objects supported … for [purpose]`. */
export function requireMap(value: Value, purpose: string): Members {
  if (isMembers(value)) return value;
  throw dataException(`Only Map objects supported in absence of schema for [${purpose}], found: ${classOf(value, null)}`);
}

/** The members of a struct. */
export function requireStruct(schema: Schema, value: Value, purpose: string): Members {
  if (schema.type === 'struct' && isMembers(value)) return value;
  throw dataException(`Only Struct objects supported for [${purpose}], found: ${classOf(value, schema)}`);
}

/** The fields of a struct's schema; Connect's DataException for any other. */
export function requireFields(schema: Schema): readonly Field[] {
  if (schema.fields === null) throw dataException('Cannot list fields on non-struct type');
  return schema.fields;
}

/** The offset of a record that was consumed. */
export function requireOffset(record: ConnectRecord, purpose: string): number {
  if (record.origin !== null) return record.offset;
  throw dataException(`Only SinkRecord supported for [${purpose}], found: org.apache.kafka.connect.source.SourceRecord`);
}

/** What Java throws for a method called on nothing. */
export const nullPointerException = (message: string): ConnectError => new ConnectError('NullPointerException', message);

const classOf = (value: Value, schema: Schema | null): string => (value === null ? 'null' : javaClassName(value, schema));

function isMembers(value: Value): value is Members {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype || isObject(value);
}
