import type { Schema } from './schema.ts';

/** What Java's messages call a schema: `Schema{STRING}`, `Schema{com.acme.Order:STRUCT}`. */
export const schemaText = ({ name, type }: Schema): string => `Schema{${name === null ? '' : `${name}:`}${type.toUpperCase()}}`;
