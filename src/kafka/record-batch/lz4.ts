/** LZ4 in its frame format with independent blocks, which is all that Java clients read. */
import { createRequire } from 'node:module';
import { corrupt } from './format.ts';

const require = createRequire(import.meta.url);
/** Loaded by the first batch that needs it. */
const lz4 = (): typeof import('lz4-napi') => require('lz4-napi');

const FRAME_MAGIC = 0x184d2204;
const STORED = 0x8000_0000;
/** A compressed byte stands for at most 255 bytes, plus a little at the start of a block. */
const MAX_RATIO = 255;

export const compressLz4 = (bytes: Buffer): Buffer => lz4().compressFrameSync(bytes);

/** The first frame, as Java: what follows it is not opened. */
export function decompressLz4(bytes: Buffer, maxBytes: number): Buffer {
  if (leastSize(bytes) > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
  const raw = lz4().decompressFrameSync(bytes);
  if (raw.length > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
  return raw;
}

/** Size of the first frame's content when every block but the last is full, so that a bomb is refused before memory is taken. */
function leastSize(bytes: Buffer): number {
  if (bytes.length < 11 || bytes.readUInt32LE(0) !== FRAME_MAGIC) throw corrupt('it has no LZ4 frame');
  const flags = bytes.readUInt8(4);
  const blockMax = 1 << (2 * ((bytes.readUInt8(5) >> 4) & 0b111) + 8);
  const blockChecksum = (flags & 0b1_0000) === 0 ? 0 : 4;
  let at = 7 + ((flags & 0b1000) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  let full = 0;
  let last = 0;
  while (at + 4 <= bytes.length) {
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) return full - last;
    const size = word % STORED;
    last = word >= STORED ? size : Math.min(blockMax, size * MAX_RATIO);
    full += last;
    at += size + blockChecksum;
  }
  throw corrupt('its LZ4 frame is cut off');
}
