import { JavaNumber } from './java-number.ts';
import type { Schema } from './schema.ts';
import type { Value } from './value.ts';

const kinds = { int8: 'Byte', int16: 'Short', int32: 'Integer', int64: 'Long', float32: 'Float', float64: 'Double' } as const;

/**
 * The value in the form it has in its place: a number whose class the schema, or the lack of one, tells is a plain one, the others keep it;
 * a map without schema is an object when its keys are texts.
 */
export function alignValue(value: Value, schema: Schema | null): Value {
  if (value instanceof JavaNumber) return unboxed(value, schema) ? value.value : value;
  if (Array.isArray(value)) return value.map((element) => alignValue(element, schema?.valueSchema ?? null));
  if (!(value instanceof Map)) return value;
  const aligned = Array.from(value, ([key, member]): [Value, Value] => [
    alignValue(key, schema?.keySchema ?? null),
    alignValue(member, schema?.valueSchema ?? null),
  ]);
  const isObject = schema?.type !== 'map' && aligned.every(([key]) => typeof key === 'string');
  return isObject ? Object.fromEntries(aligned) : new Map(aligned);
}

function unboxed({ kind, value }: JavaNumber, schema: Schema | null): boolean {
  if (schema !== null && schema.type in kinds) return kinds[schema.type as keyof typeof kinds] === kind;
  return Number.isSafeInteger(value) ? kind === 'Long' : kind === 'Double';
}
