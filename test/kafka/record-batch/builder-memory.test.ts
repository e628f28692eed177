import { expect, test } from 'vitest';
import { BatchMemory } from '../../../src/kafka/kafkajs/batch-memory.ts';
import { decode, RecordBatchBuilder, stampProducer } from '../../../src/kafka/record-batch/index.ts';

const at = { topic: 't', partition: 0 };
const valuesOf = (bytes: Buffer) => decode(bytes, at).records.map((record) => record.valueText());
const LIMIT = 60_000;

function fill(builder: RecordBatchBuilder, text: string): number {
  let count = 0;
  while (builder.append({ key: null, value: text.repeat(100) }, 1)) count++;
  return count;
}

test.each([LIMIT, 100 * LIMIT])('a batch that fills its memory of %i bytes leaves in it, and the memory takes a later batch', (limit) => {
  const memory = new BatchMemory(limit);
  const builder = new RecordBatchBuilder({ maxBytes: limit, memory });
  const count = fill(builder, 'a');
  const first = builder.build();
  expect(first.memory?.buffer === first.bytes.buffer).toBe(true);
  expect(valuesOf(first.bytes)).toEqual(Array.from({ length: count }, () => 'a'.repeat(100)));
  memory.give(first.memory as NonNullable<typeof first.memory>);
  fill(builder, 'b');
  builder.build();
  fill(builder, 'c');
  const third = builder.build();
  expect(third.bytes.buffer === first.bytes.buffer).toBe(true);
  expect(valuesOf(third.bytes)).toEqual(Array.from({ length: count }, () => 'c'.repeat(100)));
});

test('a batch keeps its bytes while others are built, until its memory is given back', () => {
  const builder = new RecordBatchBuilder({ maxBytes: LIMIT, memory: new BatchMemory(LIMIT) });
  const batches = ['a', 'b', 'c', 'd'].map((letter) => {
    fill(builder, letter);
    return { letter, bytes: builder.build().bytes };
  });
  for (const { letter, bytes } of batches) expect(new Set(valuesOf(bytes))).toEqual(new Set([letter.repeat(100)]));
});

test('a small batch is copied out, so that it does not hold much memory', () => {
  const builder = new RecordBatchBuilder({ maxBytes: LIMIT, memory: new BatchMemory(LIMIT) });
  builder.append({ key: null, value: 'small' }, 1);
  const { bytes, memory } = builder.build();
  expect(memory).toBeUndefined();
  expect(bytes.buffer.byteLength).toBe(bytes.length);
});

test('memory is kept up to a limit, and none that is too small or too large', () => {
  const memory = new BatchMemory(1024 * 1024);
  for (let i = 0; i < 20; i++) memory.give(Buffer.alloc(memory.size) as never);
  memory.give(Buffer.alloc(10) as never);
  let kept = 0;
  while (memory.take() !== undefined) kept++;
  memory.give(Buffer.alloc(10) as never);
  memory.give(Buffer.alloc(memory.size * 5) as never);
  expect([kept, memory.take()]).toEqual([7, undefined]);
});

test('a batch without checksum gets it with its producer', () => {
  const builder = new RecordBatchBuilder();
  builder.append({ key: null, value: 'v' }, 1);
  const { bytes } = builder.build({ unstamped: true });
  stampProducer(bytes, { id: 5n, epoch: 1, baseSequence: 9 });
  expect(valuesOf(bytes)).toEqual(['v']);
});
