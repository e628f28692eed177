/** Snappy as Java clients frame it (xerial's block stream); raw snappy is read too, since other clients write it. */
import { createRequire } from 'node:module';
import { corrupt } from './format.ts';

const require = createRequire(import.meta.url);
/** Loaded by the first batch that needs it. */
const snappy = (): typeof import('snappy') => require('snappy');

const MARK = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const HEADER_BYTES = MARK.length + 8;
/** Java's reader grows its buffers to the block; larger blocks do not compress better. */
const BLOCK_BYTES = 32 * 1024;
/** The library's own memory is given back by a collection only, and comes late: a copy is quicker. */
const IN_OUR_MEMORY = { copyOutputData: true };

export function compressSnappy(bytes: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MARK.copy(header);
  header.writeInt32BE(1, MARK.length);
  header.writeInt32BE(1, MARK.length + 4);
  const parts: Buffer[] = [header];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = snappy().compressSync(bytes.subarray(at, at + BLOCK_BYTES), IN_OUR_MEMORY);
    const size = Buffer.allocUnsafe(4);
    size.writeInt32BE(block.length);
    parts.push(size, block);
  }
  return Buffer.concat(parts);
}

export function decompressSnappy(bytes: Buffer, maxBytes: number): Buffer {
  const blocks = bytes.subarray(0, MARK.length).equals(MARK) ? xerialBlocks(bytes) : [bytes];
  let total = 0;
  for (const block of blocks) {
    total += uncompressedSize(block);
    if (total > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
  }
  const parts = blocks.map((block) => snappy().uncompressSync(block, IN_OUR_MEMORY) as Buffer);
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, total);
}

function xerialBlocks(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  let at = HEADER_BYTES;
  if (bytes.length < at) throw corrupt('its snappy header is cut off');
  while (at < bytes.length) {
    if (bytes.length - at < 4) throw corrupt('its snappy block length is cut off');
    const size = bytes.readInt32BE(at);
    at += 4;
    if (size <= 0 || size > bytes.length - at) throw corrupt(`a snappy block claims ${size} of ${bytes.length - at} bytes`);
    blocks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return blocks;
}

/** The size a raw block declares, so that a lie is refused before memory is taken; the decoder checks that it is true. */
function uncompressedSize(block: Buffer): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0x80;
    size += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return size;
  }
  throw corrupt('a snappy block has no valid length');
}
