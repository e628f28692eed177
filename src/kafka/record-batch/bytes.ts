/** Node's direct UTF-8 methods, which its types leave out: no encoding lookup, no view in between. */
export interface TextBuffer extends Buffer {
  utf8Slice(start: number, end: number): string;
  /** Bytes written; stops before a character that has no room. */
  utf8Write(text: string, offset: number, length: number): number;
}

/** Memory of its own that nothing has cleared. */
export const allocate = (size: number): TextBuffer => Buffer.allocUnsafeSlow(size) as TextBuffer;

/** The same bytes as a Buffer, without a copy. */
export const bufferOf = (bytes: Uint8Array): TextBuffer =>
  (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as TextBuffer;

const TWO_32 = 0x1_0000_0000;

/** A big-endian int64 as a number: exact within ±2^53, the nearest double beyond. */
export const readInt64 = (buffer: Buffer, at: number): number => buffer.readInt32BE(at) * TWO_32 + buffer.readUInt32BE(at + 4);

/** Writes an integer within ±2^53 as a big-endian int64. */
export function writeInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeInt32BE(Math.floor(value / TWO_32), at);
  buffer.writeUInt32BE(value >>> 0, at + 4);
}

export function copyOf(bytes: Buffer): TextBuffer {
  const copy = allocate(bytes.length);
  bytes.copy(copy);
  return copy;
}
