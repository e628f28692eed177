import { int64, optionalInt64Schema } from 'sluice/sdk';
import { fixedWidthConverter } from './number/fixed-width.ts';

/** Whole numbers of 64 bits, in eight bytes. Reads them as optional. */
export const longConverter = fixedWidthConverter({
  name: 'long',
  javaName: 'LongConverter',
  summary: 'Whole numbers of 64 bits, in eight bytes.',
  kind: 'Long',
  bytes: 8,
  schema: optionalInt64Schema,
  write: (view, value) => view.setBigInt64(0, BigInt(value)),
  read: (view) => int64(view.getBigInt64(0)),
});
