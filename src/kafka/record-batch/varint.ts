/** Zigzag variable-length integers, as protobuf's sint32 and sint64. Hot: bounds are the caller's for writing, checked for reading. */
import { corrupt } from './format.ts';

const TWO_32 = 0x1_0000_0000;

/** Bytes that a zigzag varint of an int32 takes. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x20_0000 ? 3 : zigzag < 0x1000_0000 ? 4 : 5;
}

/** Writes an int32; the position behind it. */
export function writeVarint(buffer: Uint8Array, value: number, at: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  let position = at;
  while (zigzag > 0x7f) {
    buffer[position++] = (zigzag & 0x7f) | 0x80;
    zigzag >>>= 7;
  }
  buffer[position++] = zigzag;
  return position;
}

/** Writes an integer within ±2^53 (at most 8 bytes); the position behind it. */
export function writeVarlong(buffer: Uint8Array, value: number, at: number): number {
  if (value === (value | 0)) return writeVarint(buffer, value, at);
  const high = Math.floor(value / TWO_32);
  const sign = high >> 31;
  let low = ((value << 1) ^ sign) >>> 0;
  let rest = (((high << 1) | ((value >>> 0) >>> 31)) ^ sign) >>> 0;
  let position = at;
  while (rest > 0 || low > 0x7f) {
    buffer[position++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (rest << 25)) >>> 0;
    rest >>>= 7;
  }
  buffer[position++] = low;
  return position;
}

/**
 * Reads varints one behind the other, never beyond the bytes.
 *
 * One cursor serves a whole batch, so that reading returns plain numbers and allocates nothing.
 */
export class VarintCursor {
  readonly bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes;
    this.position = position;
  }

  /** An int32. Most take one or two bytes; a byte behind the last is undefined, so fails the comparison. */
  int(): number {
    const { bytes, position } = this;
    const first = bytes[position] as number;
    if (first < 0x80) {
      this.position = position + 1;
      return (first >>> 1) ^ -(first & 1);
    }
    const second = bytes[position + 1] as number;
    if (second < 0x80) {
      this.position = position + 2;
      return ((first & 0x7f) >>> 1) ^ (second << 6) ^ -(first & 1);
    }
    return this.#longInt();
  }

  #longInt(): number {
    let zigzag = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      zigzag |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    throw corrupt('a varint is longer than 5 bytes');
  }

  /** An int64 as a number: exact within ±2^53, the nearest double beyond. */
  long(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) return unzigzag(low, high);
    }
    throw corrupt('a varint is longer than 10 bytes');
  }

  /** Steps over an int64 that is read later. */
  skipLong(): void {
    for (let size = 1; size <= 10; size++) if (this.#byte() < 0x80) return;
    throw corrupt('a varint is longer than 10 bytes');
  }

  #byte(): number {
    if (this.position >= this.bytes.length) throw corrupt('it ends inside a varint');
    return this.bytes[this.position++] as number;
  }
}

function unzigzag(low: number, high: number): number {
  const sign = -(low & 1);
  const lower = ((low >>> 1) | (high << 31)) ^ sign;
  const upper = (high >>> 1) ^ sign;
  return upper * TWO_32 + (lower >>> 0);
}
