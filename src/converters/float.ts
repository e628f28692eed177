import { optionalFloat32Schema } from 'sluice/sdk';
import { fixedWidthConverter } from './number/fixed-width.ts';

/** Floating-point numbers of 32 bits, in four bytes. Reads them as optional. */
export const floatConverter = fixedWidthConverter({
  name: 'float',
  javaName: 'FloatConverter',
  summary: 'Floating-point numbers of 32 bits, in four bytes.',
  kind: 'Float',
  bytes: 4,
  schema: optionalFloat32Schema,
  write: (view, value) => view.setFloat32(0, Number(value)),
  read: (view) => view.getFloat32(0),
});
