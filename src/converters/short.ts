import { optionalInt16Schema } from 'sluice/sdk';
import { fixedWidthConverter } from './number/fixed-width.ts';

/** Whole numbers of 16 bits, in two bytes. Reads them as optional. */
export const shortConverter = fixedWidthConverter({
  name: 'short',
  javaName: 'ShortConverter',
  summary: 'Whole numbers of 16 bits, in two bytes.',
  kind: 'Short',
  bytes: 2,
  schema: optionalInt16Schema,
  write: (view, value) => view.setInt16(0, Number(value)),
  read: (view) => view.getInt16(0),
});
