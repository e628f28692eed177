import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJavaMap, writeJavaMap } from '../../src/store/java-map.ts';

/** What Java wrote for one entry: `["c",{"p":1}]` → `{"o":2}`. */
const written =
  'aced0005737200116a6176612e7574696c2e486173684d61700507dac1c31660d103000246000a6c6f6164466163746f724900097468726573686f6c6478703f4000000000000c77080000001000000001757200025b42acf317f8060854e002000078700000000d5b2263222c7b2270223a317d5d7571007e0002000000077b226f223a327d78';
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

test('a map that Java wrote is read', () => {
  expect(readJavaMap(Buffer.from(written, 'hex')).map((entry) => entry.map(String))).toEqual([['["c",{"p":1}]', '{"o":2}']]);
});

test('the same entry is written byte by byte as Java does', () => {
  expect(Buffer.from(writeJavaMap([[bytes('["c",{"p":1}]'), bytes('{"o":2}')]])).toString('hex')).toBe(written);
});

test('what is written is read again', () => {
  const part = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null });
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part), { maxLength: 60 }), (entries) => {
      const again = readJavaMap(writeJavaMap(entries)).map((entry) => entry.map((p) => p && [...p]));
      expect(again).toEqual(entries.map((entry) => entry.map((p) => p && [...p])));
    }),
  );
});

test('a map that is cut short anywhere is empty', () => {
  const whole = Buffer.from(written, 'hex');
  for (let length = 0; length < whole.length; length++) expect(readJavaMap(whole.subarray(0, length))).toEqual([]);
});

test('no bytes make it fail otherwise than with an error that says why', () => {
  const whole = Buffer.from(written, 'hex');
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
      const broken = Buffer.from(whole);
      broken[at] = value;
      try {
        expect(readJavaMap(broken).length).toBeLessThanOrEqual(1);
      } catch (error) {
        expect(String(error)).toMatch(/^Error: (it is not|the map|the class|a byte array)/);
      }
    }),
  );
});
