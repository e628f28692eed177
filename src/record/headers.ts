import { dataException } from '../errors/connect-error.ts';
import { checkValue } from './check-value.ts';
import type { Schema } from './schema.ts';
import { schemaText } from './schema-text.ts';
import type { Value } from './value.ts';

/** One header: keys may repeat, order counts. */
export interface Header {
  readonly key: string;
  readonly schema: Schema | null;
  readonly value: Value;
}

/** Headers of a record in their order. May be backed by undecoded bytes: read it, do not mutate it. */
export type Headers = readonly Header[];

/** The headers of a record that has none: shared, so that records without headers cost nothing. */
export const noHeaders: Headers = Object.freeze([]);

/** The last header of this name: the one that counts where a name may occur once. */
export const lastHeader = (headers: Headers, key: string): Header | undefined => headers.findLast((header) => header.key === key);

/** All headers of this name, in order. */
export const headersNamed = (headers: Headers, key: string): Headers => headers.filter((header) => header.key === key);

/** The headers and one more at the end. A value without schema may be of any class; one with a schema must fit it. */
export function addHeader(headers: Headers, key: string, schema: Schema | null, value: Value): Headers {
  checkHeader(schema, value);
  return [...headers, { key, schema, value }];
}

/** The headers without those of this name. */
export const removeHeaders = (headers: Headers, key: string): Headers => headers.filter((header) => header.key !== key);

/** Throws Connect's DataException when the value of a header does not fit its schema. */
export function checkHeader(schema: Schema | null, value: Value): void {
  if (schema === null) return;
  if (value === null && !schema.optional) throw dataException(`A null value requires an optional schema but was ${schemaText(schema)}`);
  checkValue(schema, value);
}
