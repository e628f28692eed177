import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../connectors/file/line-splitter.ts';

const tooLong = (position: number) => new Error(`too long at ${position}`);
const splitter = (options: { position?: number; maxLineBytes?: number } = {}) =>
  new LineSplitter({ position: 0, maxLineBytes: 1_000_000, tooLong, ...options });

/** Feeds pieces one by one and takes at most `max` lines at a time. */
function split(target: LineSplitter, pieces: readonly (string | Buffer)[], max = 1_000): { lines: string[]; ends: number[] } {
  const lines: string[] = [];
  const ends: number[] = [];
  for (const piece of pieces) {
    for (let bytes = Buffer.from(piece); bytes.length > 0; ) {
      const copied = bytes.copy(target.space());
      bytes = bytes.subarray(copied);
      target.filled(copied);
      for (let taken = target.take(max); taken !== undefined; taken = target.take(max)) {
        expect(taken.values.length).toBeLessThanOrEqual(max);
        lines.push(...taken.values);
        ends.push(...taken.ends);
      }
    }
  }
  return { lines, ends };
}

test('cuts at every line end, and tells the byte behind it', () => {
  expect(split(splitter(), ['a\nbc\n\nd\n'])).toEqual({ lines: ['a', 'bc', '', 'd'], ends: [2, 5, 6, 8] });
});

test('holds back a last line that has no end yet', () => {
  const target = splitter();
  expect(split(target, ['a\nbc']).lines).toEqual(['a']);
  expect(target.position).toBe(2);
  expect(target.pending).toBe(2);
  expect(split(target, ['d\n'])).toEqual({ lines: ['bcd'], ends: [6] });
});

test('takes a carriage return, alone or before a line feed, as a line end', () => {
  expect(split(splitter(), ['a\r\nb\rc\n\r\r\nd\n'])).toEqual({ lines: ['a', 'b', 'c', '', '', 'd'], ends: [3, 5, 7, 8, 10, 12] });
});

test('waits for what follows a carriage return at the end', () => {
  const target = splitter();
  expect(split(target, ['a\r']).lines).toEqual([]);
  expect(split(target, ['\nb\r'])).toEqual({ lines: ['a'], ends: [3] });
  expect(split(target, ['c'])).toEqual({ lines: ['b'], ends: [5] });
});

test('puts characters together that were cut in the middle', () => {
  const bytes = Buffer.from('é€😀\nü\n');
  const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
  expect(split(splitter(), pieces)).toEqual({ lines: ['é€😀', 'ü'], ends: [10, 13] });
});

test('replaces what is no valid UTF-8 by U+FFFD, and counts its bytes', () => {
  const bytes = Buffer.from([0x61, 0xff, 0x0a, 0xc3, 0x0a, 0xe2, 0x82, 0x62, 0x0a]);
  expect(split(splitter(), [bytes])).toEqual({ lines: ['a\uFFFD', '\uFFFD', '\uFFFDb'], ends: [3, 5, 9] });
});

test('takes no more lines than asked for', () => {
  expect(split(splitter(), ['1\n2\n3\n4\n5\n'], 2)).toEqual({ lines: ['1', '2', '3', '4', '5'], ends: [2, 4, 6, 8, 10] });
});

test('begins to count at the position it was given', () => {
  expect(split(splitter({ position: 100 }), ['a\nb\n']).ends).toEqual([102, 104]);
});

test('gives the lines before one that is too long, then fails', () => {
  const target = splitter({ maxLineBytes: 3 });
  const bytes = Buffer.from('abc\n\u00e9b\nabcd\ne\n');
  target.filled(bytes.copy(target.space()));
  expect(target.take(10)?.values).toEqual(['abc', 'éb']);
  expect(() => target.take(10)).toThrow('too long at 8');
});

test('fails as soon as a line without end is too long', () => {
  const target = splitter({ maxLineBytes: 3 });
  expect(split(target, ['abc']).lines).toEqual([]);
  expect(() => split(target, ['de'])).toThrow('too long at 0');
});

test('takes a line of exactly the largest size whatever ends it', () => {
  expect(split(splitter({ maxLineBytes: 3 }), ['abc', '\r', '\n', 'def', '\r', 'ghi', '\n']).lines).toEqual(['abc', 'def', 'ghi']);
});

test('gives what is left as a last line when the input is over', () => {
  const target = splitter();
  split(target, ['a\nbc']);
  expect(target.finish()).toEqual({ values: ['bc'], ends: Float64Array.of(4), bytes: 2 });
  expect(target.finish()).toBeUndefined();
  split(target, ['d\r']);
  expect(target.finish()).toEqual({ values: ['d'], ends: Float64Array.of(6), bytes: 2 });
});

test('drops what is under way when it starts again', () => {
  const target = splitter();
  split(target, ['a\nbc']);
  target.restart(0);
  expect(split(target, ['x\n'])).toEqual({ lines: ['x'], ends: [2] });
});

test('takes lines longer than its buffer', () => {
  const long = 'x'.repeat(300_000);
  const longer = 'é'.repeat(200_000);
  expect(split(splitter(), [`${long}\n${longer}\r\nend\n`])).toEqual({ lines: [long, longer, 'end'], ends: [300_001, 700_003, 700_007] });
});

test('finds the same lines however the input is cut and taken (I12)', () => {
  const text = fc.array(fc.constantFrom('a', 'bc', 'é', '😀', '\n', '\r', '\r\n', '\n\n', 'x'.repeat(40_000)), { maxLength: 60 });
  fc.assert(
    fc.property(
      text,
      fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      (parts, cuts, max) => {
        const whole = parts.join('');
        const bytes = Buffer.from(whole);
        const pieces: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const length = cuts[i % cuts.length] ?? 1;
          pieces.push(bytes.subarray(at, at + length));
          at += length;
        }
        const held = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
        const expected = held.split(/\r\n|\r|\n/).slice(0, -1);
        const { lines, ends } = split(splitter(), pieces, max);
        // A `\r` at the end waits, and with it its line.
        expect(lines).toEqual(expected);
        let at = 0;
        const expectedEnds = expected.map((line) => {
          at += Buffer.byteLength(line);
          at += bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : 1;
          return at;
        });
        expect(ends).toEqual(expectedEnds);
      },
    ),
    { numRuns: 300 },
  );
});

test('holds little for input that has slowed down, and much while much comes', () => {
  const target = splitter();
  expect(target.space().length).toBe(4 * 1024);
  for (let i = 0; i < 20; i++) split(target, [`${'x'.repeat(99)}\n`.repeat(10_000)]);
  expect(target.space().length).toBe(1024 * 1024);
  for (let i = 0; i < 20; i++) split(target, ['a line\n']);
  expect(target.space().length).toBe(4 * 1024);
});
