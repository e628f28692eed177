import { expect, test } from 'vitest';
import { exportsOf } from './exports-of.ts';

test('subpath patterns become one name for each file of the package', () => {
  const exports = {
    '.': { default: './dist/src/index.js' },
    './operators/*': { default: './dist/operators/*.js' },
    './connectors/*': { default: './dist/connectors/*/index.js' },
    './package.json': './package.json',
  };
  const files = [
    'dist/src/index.js',
    'dist/operators/cast.js',
    'dist/operators/cast.d.ts',
    'dist/connectors/file/index.js',
    'dist/connectors/file/source.js',
  ];
  expect(exportsOf(exports, files)).toEqual(['sluice', 'sluice/operators/cast', 'sluice/connectors/file']);
});
