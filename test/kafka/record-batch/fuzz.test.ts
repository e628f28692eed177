import { expect, test } from 'vitest';
import { DriverError } from '../../../src/kafka/driver.ts';
import { decode, encodeBatch, encodeControlBatch, readBatches, readControlMarker } from '../../../src/kafka/record-batch/index.ts';
import { samples } from './samples.ts';

/** The same numbers at each run: mulberry32. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const originals = [
  ...(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).map((compression) => encodeBatch(samples, { now: 0, compression }).bytes),
  encodeControlBatch({ type: 'abort', producer: { id: 1n, epoch: 0 }, timestamp: 0 }).bytes,
];
const interesting = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  const mutant = Buffer.from(bytes);
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(mutant.length);
    const kind = random(3);
    if (kind === 0) mutant[at] = interesting[random(interesting.length)] ?? 0;
    else if (kind === 1) mutant[at] = (mutant[at] ?? 0) ^ (1 << random(8));
    else mutant.copyWithin(at, random(mutant.length), random(mutant.length));
  }
  return random(4) === 0 ? mutant.subarray(0, random(mutant.length)) : mutant;
}

/** Reads all there is to read: whatever the bytes are, only a DriverError may come of it. */
function readAll(bytes: Buffer): 'read' | 'refused' {
  try {
    for (const batch of readBatches(bytes)) readControlMarker(batch);
    const { records } = decode(bytes, { topic: 't', partition: 0, checkCrc: false, maxDecompressedBytes: 100_000 });
    for (const record of records) {
      const read = [record.offset, record.timestamp, record.keyText(), record.valueText(), record.headers];
      expect(read).toHaveLength(5);
      expect((record.value?.length ?? 0) + (record.key?.length ?? 0)).toBeLessThan(100_000);
    }
    return 'read';
  } catch (error) {
    if (error instanceof DriverError && error.kind === 'invalid') return 'refused';
    throw error;
  }
}

test('changed bytes are read or refused, and nothing else', () => {
  const random = numbers(20_251);
  const seen = { read: 0, refused: 0 };
  for (let i = 0; i < 6000; i++) seen[readAll(mutate(originals[i % originals.length] ?? Buffer.alloc(0), random))]++;
  expect(seen.read).toBeGreaterThan(500);
  expect(seen.refused).toBeGreaterThan(2000);
});

test('noise is refused', () => {
  const random = numbers(7);
  for (let i = 0; i < 500; i++) {
    const noise = Buffer.from(Array.from({ length: 17 + random(200) }, () => random(256)));
    noise[16] = 2;
    noise.writeInt32BE(noise.length - 12, 8);
    expect(readAll(noise)).toBe('refused');
  }
});
