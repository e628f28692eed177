import type { Payload } from './driver.ts';

const encoder = new TextEncoder();
let text = new Uint8Array(1024);

/** The partition that Java's default partitioner gives a key: records of one key stay together, whichever client wrote them. */
export function partitionOfKey(key: Exclude<Payload, null>, partitions: number): number {
  return (hashOf(key) & 0x7fffffff) % partitions;
}

function hashOf(key: Uint8Array | string): number {
  if (typeof key !== 'string') return murmur2(key, key.length);
  if (text.length < key.length * 3) text = new Uint8Array(key.length * 6);
  return murmur2(text, encoder.encodeInto(key, text).written);
}

const multiplier = 0x5bd1e995;

/** MurmurHash2 of the first `length` bytes, 32 bits, with Kafka's seed. */
export function murmur2(bytes: Uint8Array, length: number): number {
  let hash = 0x9747b28c ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    word = Math.imul(word, multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  const rest = length & 3;
  if (rest === 3) hash ^= bytes[whole + 2]! << 16;
  if (rest >= 2) hash ^= bytes[whole + 1]! << 8;
  if (rest >= 1) hash = Math.imul(hash ^ bytes[whole]!, multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}
