import type { Decimal } from './decimal.ts';
import type { JavaNumber } from './java-number.ts';

/**
 * What Kafka Connect's data model can say, as JavaScript values.
 *
 * | Connect | here |
 * |---|---|
 * | INT8, INT16, INT32, FLOAT32, FLOAT64 | `number` |
 * | INT64 | `number` while safe, else `bigint` |
 * | STRING, BOOLEAN | `string`, `boolean` |
 * | BYTES | `Uint8Array` |
 * | ARRAY | array |
 * | MAP with a schema | `Map` |
 * | STRUCT, and a map without schema | plain object (own enumerable members; `__proto__` is a key like any other) |
 * | Date, Time, Timestamp | `Date` |
 * | Decimal | `Decimal` |
 * | a number without schema whose Java class the value alone would not tell (`1.0`, Byte, Float) | `JavaNumber` |
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | Decimal
  | JavaNumber
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | { readonly [member: string]: Value };
