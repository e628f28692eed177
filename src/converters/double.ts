import { optionalFloat64Schema } from 'sluice/sdk';
import { fixedWidthConverter } from './number/fixed-width.ts';

/** Floating-point numbers of 64 bits, in eight bytes. Reads them as optional. */
export const doubleConverter = fixedWidthConverter({
  name: 'double',
  javaName: 'DoubleConverter',
  summary: 'Floating-point numbers of 64 bits, in eight bytes.',
  kind: 'Double',
  bytes: 8,
  schema: optionalFloat64Schema,
  write: (view, value) => view.setFloat64(0, Number(value)),
  read: (view) => view.getFloat64(0),
});
