import { Decimal } from './decimal.ts';
import { JavaNumber, type NumberKind } from './java-number.ts';
import type { Schema, SchemaType } from './schema.ts';
import type { Value } from './value.ts';

const numberClasses = {
  int8: 'Byte',
  int16: 'Short',
  int32: 'Integer',
  int64: 'Long',
  float32: 'Float',
  float64: 'Double',
} as const satisfies Partial<Record<SchemaType, NumberKind>>;

/** The class of a number where its place has this schema: that of the schema if the number fits it, else the one that it has by itself. */
export function numberKindOf(value: number | bigint | JavaNumber, schema: Schema | null): NumberKind {
  if (value instanceof JavaNumber) return value.kind;
  if (schema !== null && schema.type in numberClasses && fits(value, schema.type)) {
    return numberClasses[schema.type as keyof typeof numberClasses];
  }
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? 'Long' : 'Double';
}

/** The Java class of a value, as messages name it (`java.lang.Long`, `[B`, …). */
export function javaClassName(value: Value, schema: Schema | null = null): string {
  switch (typeof value) {
    case 'string':
      return 'java.lang.String';
    case 'boolean':
      return 'java.lang.Boolean';
    case 'number':
    case 'bigint':
      return `java.lang.${numberKindOf(value, schema)}`;
  }
  if (value instanceof JavaNumber) return `java.lang.${value.kind}`;
  if (value instanceof Uint8Array) return '[B';
  if (value instanceof Date) return 'java.util.Date';
  if (value instanceof Decimal) return 'java.math.BigDecimal';
  if (Array.isArray(value)) return 'java.util.ArrayList';
  return schema?.type === 'struct' ? 'org.apache.kafka.connect.data.Struct' : 'java.util.HashMap';
}

/** Whether a number is one that values of this type can be. */
export function fits(value: Value, type: SchemaType): boolean {
  switch (type) {
    case 'int8':
      return typeof value === 'number' && value === (value << 24) >> 24;
    case 'int16':
      return typeof value === 'number' && value === (value << 16) >> 16;
    case 'int32':
      return typeof value === 'number' && value === (value | 0);
    case 'int64':
      return typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
    case 'float32':
      return typeof value === 'number' && (Math.fround(value) === value || Number.isNaN(value));
    case 'float64':
      return typeof value === 'number';
    default:
      return false;
  }
}
