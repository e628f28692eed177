import { crc32c } from '@node-rs/crc32';
import type { Random } from '../../chaos/seeded-random.ts';

const numbers = [0, 1, -1, 2, 0x7f, 0x80, 0x7fff, 0x10_0000, 0x7fff_fffe, 0x7fff_ffff, -0x8000_0000];
/** As bytes: the largest and longest values, cut off ones, and ones that are too long. */
const varints = [
  '00',
  '01',
  '02',
  '7f',
  '8001',
  'ffff7f',
  'feffffff0f',
  'ffffffff0f',
  '8080808080',
  'ffffffffffffffffff01',
  '80808080808080808080808000',
];

type Mutation = (bytes: Buffer, at: number, random: Random) => Buffer;

const insert = (bytes: Buffer, at: number, more: Uint8Array, instead = 0): Buffer =>
  Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + instead)]);
const write = (bytes: Buffer, at: number, size: 1 | 2 | 4, value: number): Buffer => {
  if (at + size <= bytes.length)
    bytes.writeIntBE(size === 4 ? value | 0 : size === 2 ? (value << 16) >> 16 : (value << 24) >> 24, at, size);
  return bytes;
};
const mutations: readonly Mutation[] = [
  (bytes, at, random) => write(bytes, at, 4, numbers[random(numbers.length)] ?? 0),
  (bytes, at, random) => write(bytes, at, 2, numbers[random(numbers.length)] ?? 0),
  (bytes, at, random) => write(bytes, at, 1, random(256)),
  (bytes, at, random) => write(bytes, at, 1, (bytes[at] ?? 0) ^ (1 << random(8))),
  (bytes, at, random) => write(bytes, at, 4, (at + 4 <= bytes.length ? bytes.readInt32BE(at) : 0) + random(5) - 2),
  (bytes, at, random) => insert(bytes, at, Buffer.from(varints[random(varints.length)] ?? '', 'hex'), random(3)),
  (bytes, at, random) => insert(bytes, at, bytes.subarray(random(bytes.length), random(bytes.length))),
  (bytes, at, random) => insert(bytes, at, Buffer.alloc(0), 1 + random(16)),
  (bytes, at, random) => bytes.fill(random(256), at, Math.min(bytes.length, at + random(32))),
  (bytes, at, random) => {
    bytes.copyWithin(at, random(bytes.length), random(bytes.length));
    return bytes;
  },
];

/** A copy with a few changes, of lengths, counts, varints and other bytes; sometimes cut off. */
export function mutate(original: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let changes = 1 + random(4); changes > 0 && bytes.length > 0; changes--) {
    const mutation = mutations[random(mutations.length)];
    bytes = mutation?.(bytes, random(bytes.length), random) ?? bytes;
  }
  return random(8) === 0 ? bytes.subarray(0, random(bytes.length + 1)) : bytes;
}

const BATCH = { length: 8, magic: 16, crc: 17, attributes: 21, header: 61 };

/** Makes a changed record batch look sound from outside, so that what lies deeper is read: its magic, length and checksum. */
export function resealed(bytes: Buffer): Buffer {
  if (bytes.length < BATCH.header) return bytes;
  bytes.writeInt32BE(bytes.length - 12, BATCH.length);
  bytes[BATCH.magic] = 2;
  bytes.writeUInt32BE(crc32c(bytes.subarray(BATCH.attributes)), BATCH.crc);
  return bytes;
}
