import { optionalInt32Schema } from 'sluice/sdk';
import { fixedWidthConverter } from './number/fixed-width.ts';

/** Whole numbers of 32 bits, in four bytes. Reads them as optional. */
export const integerConverter = fixedWidthConverter({
  name: 'integer',
  javaName: 'IntegerConverter',
  summary: 'Whole numbers of 32 bits, in four bytes.',
  kind: 'Integer',
  bytes: 4,
  schema: optionalInt32Schema,
  write: (view, value) => view.setInt32(0, Number(value)),
  read: (view) => view.getInt32(0),
});
