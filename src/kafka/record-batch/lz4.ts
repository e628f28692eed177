/**
 * LZ4 in its frame format with independent blocks, which is all that brokers and Java clients take. The library compresses the blocks; the frame is
 * put round them here, since frames of its own take several times as long and keep memory that only a collection of garbage gives back.
 *
 * Checksums of a frame are neither written nor compared: that of the batch covers all of it.
 */
import { createRequire } from 'node:module';
import { copyOf } from './bytes.ts';
import { corrupt } from './format.ts';

const require = createRequire(import.meta.url);
/** Loaded by the first batch that needs it. */
const lz4 = (): typeof import('lz4-napi') => require('lz4-napi');

const MAGIC = 0x184d2204;
const HEADER_BYTES = 7;
/** Set in the size of a block that is stored as it is. */
const STORED = 0x8000_0000;
const END = Buffer.alloc(4);
/** A compressed byte stands for at most so many. */
const MAX_RATIO = 255;

const VERSION_MASK = 0b1100_0000;
const VERSION = 0b0100_0000;
const INDEPENDENT = 0b10_0000;
const BLOCK_CHECKSUM = 0b1_0000;
const CONTENT_SIZE = 0b1000;
/** A dictionary, and a bit without a meaning. */
const REFUSED = 0b11;

/** Largest size of a block: 64 KiB, 256 KiB, 1 MiB or 4 MiB. */
const blockBytes = (code: number): number => 1 << (2 * code + 8);

/** The headers we write. Their checksums are the second bytes of an xxHash32. */
const frames = [
  { code: 4, checksum: 0x82 },
  { code: 5, checksum: 0xfb },
  { code: 6, checksum: 0x51 },
  { code: 7, checksum: 0x73 },
].map(({ code, checksum }) => {
  const header = Buffer.from([0, 0, 0, 0, VERSION | INDEPENDENT, code << 4, checksum]);
  header.writeUInt32LE(MAGIC);
  return { most: blockBytes(code), header };
});
const largest = frames.at(-1) as (typeof frames)[0];

/** The smallest blocks of which one holds all, else the largest. */
export function compressLz4(bytes: Buffer): Buffer {
  const { most, header } = frames.find((frame) => bytes.length <= frame.most) ?? largest;
  const blocks: Buffer<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length; at += most) blocks.push(blockOf(bytes.subarray(at, at + most)));
  const frame = Buffer.concat([header, ...blocks, END]);
  // The library's memory is several times what it counts as, so that collections come late: it is given back now.
  for (const { buffer } of blocks) buffer.transfer(0);
  return frame;
}

/** With its size before it. */
function blockOf(bytes: Buffer): Buffer<ArrayBuffer> {
  // The library puts the size of what it was given before the block, just where a frame has that of the block.
  const block = lz4().compressSync(bytes) as Buffer<ArrayBuffer>;
  const size = block.length - 4;
  if (size < bytes.length) {
    block.writeUInt32LE(size);
    return block;
  }
  const stored = Buffer.allocUnsafeSlow(4 + bytes.length);
  stored.writeUInt32LE(STORED + bytes.length);
  stored.set(bytes, 4);
  return stored;
}

/** The first frame, as Java: what follows it is not opened. In memory of its own. */
export function decompressLz4(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE() !== MAGIC) throw corrupt('it has no LZ4 frame');
  const flags = bytes.readUInt8(4);
  const code = bytes.readUInt8(5) >> 4;
  if ((flags & VERSION_MASK) !== VERSION || (flags & INDEPENDENT) === 0 || (flags & REFUSED) !== 0 || code < 4 || code > 7)
    throw corrupt('its LZ4 frame is of a kind that Kafka does not have');
  const most = blockBytes(code);
  const checksumBytes = (flags & BLOCK_CHECKSUM) === 0 ? 0 : 4;
  const parts: Buffer[] = [];
  let total = 0;
  let at = HEADER_BYTES + ((flags & CONTENT_SIZE) === 0 ? 0 : 8);
  for (;;) {
    if (at + 4 > bytes.length) throw corrupt('its LZ4 frame is cut off');
    const word = bytes.readUInt32LE(at);
    if (word === 0) break;
    const size = word % STORED;
    const block = bytes.subarray(at + 4, at + 4 + size);
    if (block.length < size || size > most) throw corrupt(`an LZ4 block claims ${size} of ${block.length} bytes`);
    const part = word < STORED ? contentOf(block, most) : copyOf(block);
    total += part.length;
    if (total > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
    parts.push(part);
    at += 4 + size + checksumBytes;
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, total);
}

/** Throws when it is more than `most` bytes. */
function contentOf(block: Buffer, most: number): Buffer {
  const sized = Buffer.allocUnsafe(4 + block.length);
  sized.writeUInt32LE(Math.min(most, block.length * MAX_RATIO));
  sized.set(block, 4);
  return lz4().uncompressSync(sized);
}
