import { expect, test } from 'vitest';
import { murmur2, partitionOfKey } from '../../src/kafka/partitioner.ts';
import recorded from './fixtures/murmur2-java-4.3.1.json' with { type: 'json' };

// The values of Apache Kafka's own UtilsTest.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('the hash of %s is that of the Java client', (key, hash) => {
  const bytes = new TextEncoder().encode(key);
  expect(murmur2(bytes, bytes.length)).toBe(hash);
});

test('a text and its UTF-8 bytes have the same partition, however long', () => {
  const key = 'schlüssel-'.repeat(500);
  expect(partitionOfKey(key, 25)).toBe(partitionOfKey(new TextEncoder().encode(key), 25));
});

test('a negative hash has a partition too', () => {
  expect(partitionOfKey('21', 25)).toBe(15);
});

test('keys of every length have the hash that the Java client 4.3.1 gave them', () => {
  const hashes = recorded.map(([key]) => murmur2(Buffer.from(String(key), 'base64'), Buffer.byteLength(String(key), 'base64')));
  expect(recorded).toHaveLength(75);
  expect(hashes).toEqual(recorded.map(([, hash]) => hash));
});
