import { randomBytes } from 'node:crypto';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';
import { describe, expect, test } from 'vitest';
import { compressLz4, decompressLz4 } from '../../../src/kafka/record-batch/lz4.ts';

const MIB = 1024 * 1024;
const text = (size: number): Buffer => Buffer.alloc(size, Array.from({ length: 5_000 }, (_, i) => `line ${i * 7_919} `).join(''));
const read = (frame: Buffer, maxBytes = 16 * MIB): Buffer => decompressLz4(frame, maxBytes);
const edges = [1, 20, 64 * 1024, 64 * 1024 + 1, 256 * 1024 + 1, MIB + 1, 4 * MIB, 4 * MIB + 1, 9 * MIB];

describe.each([
  ['text', text],
  ['what does not compress', randomBytes],
])('%s', (_, make) => {
  // Other than ours, this reader compares the checksum of the header.
  test.each(edges)('of %i bytes is read by others, and by us', (size) => {
    const bytes = make(size);
    const frame = compressLz4(bytes);
    expect(frame.length).toBeLessThanOrEqual(size + 11 + 4 * Math.ceil(size / (4 * MIB)));
    expect(decompressFrameSync(frame).equals(bytes)).toBe(true);
    expect(read(frame).equals(bytes)).toBe(true);
  });
});

test.each([{ blockChecksums: true }, { contentChecksum: true }, { blockChecksums: true, contentChecksum: true }])(
  'frames of others with %o are read',
  (options) => {
    for (const bytes of [text(9 * MIB), randomBytes(MIB)]) expect(read(compressFrameSync(bytes, options)).equals(bytes)).toBe(true);
  },
);

test('a frame that tells its size is read', () => {
  const frame = compressLz4(text(1000));
  const sized = Buffer.concat([frame.subarray(0, 6), Buffer.from([0xe8, 3, 0, 0, 0, 0, 0, 0]), frame.subarray(6)]);
  sized[4] = (frame[4] as number) | 0b1000;
  expect(read(sized).equals(text(1000))).toBe(true);
});

test.each([
  ['of another version', 4, 0b1010_0000],
  ['of blocks that need each other', 4, 0b0100_0000],
  ['with a dictionary', 4, 0b0110_0001],
  ['of blocks without a size', 5, 0b0011_0000],
])('a frame %s is refused', (_, at, value) => {
  const frame = compressLz4(text(1000));
  frame[at] = value;
  expect(() => read(frame)).toThrow(/of a kind that Kafka does not have/);
});

test('a frame that is cut off anywhere is refused', () => {
  const frame = compressLz4(text(200));
  for (let end = 0; end < frame.length; end++) expect(() => read(frame.subarray(0, end)), `at ${end}`).toThrow(/LZ4/);
});

test('a block beyond the size of its frame is refused, compressed or not', () => {
  for (const bytes of [text(70_000), randomBytes(70_000)]) {
    const frame = compressLz4(bytes);
    frame[5] = 4 << 4;
    expect(() => read(frame)).toThrow();
  }
});

test('what is read has memory of its own', () => {
  for (const bytes of [text(1000), randomBytes(1000)]) {
    const frame = compressLz4(bytes);
    const content = read(frame);
    frame.fill(0);
    expect(content.equals(bytes)).toBe(true);
  }
});

test('behind the limit no block is opened', () => {
  const frame = compressLz4(text(9 * MIB));
  frame.fill(0xee, frame.length - 1_000, frame.length - 4);
  expect(() => read(frame, 8 * MIB - 1)).toThrow(RangeError);
  expect(() => read(frame, 8 * MIB)).toThrow(/offset|byte|bounds|literal|expected/i);
});
