import type { Value } from './value.ts';

export type PrimitiveType = 'int8' | 'int16' | 'int32' | 'int64' | 'float32' | 'float64' | 'boolean' | 'string' | 'bytes';
export type SchemaType = PrimitiveType | 'array' | 'map' | 'struct';

/** A field of a struct schema. */
export interface Field {
  readonly name: string;
  readonly index: number;
  readonly schema: Schema;
}

/**
 * Type and attributes of a value, as Kafka Connect's `Schema`. Immutable: caches are keyed by identity.
 *
 * All members always exist (one hidden class). `null` stands for "not set".
 */
export interface Schema {
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  readonly parameters: ReadonlyMap<string, string> | null;
  /** `undefined`: no default. */
  readonly default: Value | undefined;
  /** Of a map; `null` also where a parser could not tell. */
  readonly keySchema: Schema | null;
  /** Of a map's values or an array's elements; `null` also where a parser could not tell. */
  readonly valueSchema: Schema | null;
  /** Of a struct, in order. */
  readonly fields: readonly Field[] | null;
}

const primitive = (type: PrimitiveType, optional: boolean): Schema =>
  Object.freeze({
    type,
    optional,
    name: null,
    version: null,
    doc: null,
    parameters: null,
    default: undefined,
    keySchema: null,
    valueSchema: null,
    fields: null,
  });

export const stringSchema = primitive('string', false);
export const optionalStringSchema = primitive('string', true);
export const bytesSchema = primitive('bytes', false);
export const optionalBytesSchema = primitive('bytes', true);
