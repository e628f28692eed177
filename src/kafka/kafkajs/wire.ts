import { DriverError } from '../driver.ts';
import { bufferOf, readInt64, writeInt64 } from '../record-batch/bytes.ts';

/** Larger fields are sent from where they lie. */
const OWN_PART_BYTES = 4096;

/** Writes the fields of a request, big-endian, into a buffer that grows. Large fields of bytes are not copied. */
export class WireWriter {
  #buffer: Buffer;
  #end = 0;
  /** Large fields, and where in the buffer they belong. */
  readonly #large: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  /** What was written. */
  get bytes(): Buffer {
    return this.#large.length === 0 ? this.#buffer.subarray(0, this.#end) : Buffer.concat(this.parts);
  }

  /** What was written, piece by piece: views. */
  get parts(): readonly Uint8Array[] {
    const parts: Uint8Array[] = [];
    let from = 0;
    for (const { at, bytes } of this.#large) {
      parts.push(this.#buffer.subarray(from, at), bytes);
      from = at;
    }
    if (from < this.#end) parts.push(this.#buffer.subarray(from, this.#end));
    return parts;
  }

  int8(value: number): this {
    this.#end = this.#room(1).writeInt8(value, this.#end);
    return this;
  }

  int16(value: number): this {
    this.#end = this.#room(2).writeInt16BE(value, this.#end);
    return this;
  }

  int32(value: number): this {
    this.#end = this.#room(4).writeInt32BE(value, this.#end);
    return this;
  }

  int64(value: number | bigint): this {
    const buffer = this.#room(8);
    if (typeof value === 'bigint') buffer.writeBigInt64BE(value, this.#end);
    else writeInt64(buffer, value, this.#end);
    this.#end += 8;
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const size = Buffer.byteLength(value);
    this.int16(size);
    this.#end += this.#room(size).write(value, this.#end);
    return this;
  }

  bytesField(value: Uint8Array | null): this {
    if (value === null) return this.int32(-1);
    this.int32(value.length);
    if (value.length >= OWN_PART_BYTES) {
      this.#large.push({ at: this.#end, bytes: value });
      return this;
    }
    this.#room(value.length).set(value, this.#end);
    this.#end += value.length;
    return this;
  }

  array<T>(values: readonly T[], write: (writer: this, value: T) => void): this {
    this.int32(values.length);
    for (const value of values) write(this, value);
    return this;
  }

  uvarint(value: number): this {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#byte((rest & 0x7f) | 0x80);
    return this.#byte(rest);
  }

  /** As flexible versions write it. */
  compactString(value: string | null): this {
    if (value === null) return this.uvarint(0);
    const size = Buffer.byteLength(value);
    this.uvarint(size + 1);
    this.#end += this.#room(size).write(value, this.#end);
    return this;
  }

  compactArray<T>(values: readonly T[], write: (writer: this, value: T) => void): this {
    this.uvarint(values.length + 1);
    for (const value of values) write(this, value);
    return this;
  }

  /** An empty section of tagged fields: ends every structure of a flexible version, its header first. */
  tags(): this {
    return this.uvarint(0);
  }

  #byte(value: number): this {
    this.#end = this.#room(1).writeUInt8(value, this.#end);
    return this;
  }

  #room(bytes: number): Buffer {
    const needed = this.#end + bytes;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}

/** Reads the fields of an answer. Whatever the bytes are, it reads inside them or throws a DriverError of kind `invalid`. */
export class WireReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = bufferOf(bytes);
  }

  get left(): number {
    return this.#buffer.length - this.#at;
  }

  int8(): number {
    return this.#buffer.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#take(4));
  }

  /** A number: exact within ±2^53. */
  int64(): number {
    return readInt64(this.#buffer, this.#take(8));
  }

  bigint64(): bigint {
    return this.#buffer.readBigInt64BE(this.#take(8));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  string(): string {
    return this.nullableString() ?? malformed('a text is null');
  }

  nullableString(): string | null {
    const size = this.int16();
    if (size < 0) return null;
    const at = this.#take(size);
    return this.#buffer.toString('utf8', at, at + size);
  }

  /** A view of the answer. */
  nullableBytes(): Buffer | null {
    const size = this.int32();
    if (size < 0) return null;
    const at = this.#take(size);
    return this.#buffer.subarray(at, at + size);
  }

  /** A null array is empty. Each value must take at least one byte. */
  array<T>(read: (reader: this) => T): T[] {
    return this.#values(this.int32(), read);
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#buffer.readUInt8(this.#take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return malformed('a number has more than five bytes');
  }

  /** As flexible versions write it. */
  compactString(): string {
    return this.compactNullableString() ?? malformed('a text is null');
  }

  compactNullableString(): string | null {
    const size = this.uvarint() - 1;
    if (size < 0) return null;
    const at = this.#take(size);
    return this.#buffer.toString('utf8', at, at + size);
  }

  compactArray<T>(read: (reader: this) => T): T[] {
    return this.#values(this.uvarint() - 1, read);
  }

  /** Passes a section of tagged fields. */
  tags(): void {
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint();
      this.#take(this.uvarint());
    }
  }

  #values<T>(count: number, read: (reader: this) => T): T[] {
    if (count > this.left) malformed(`${count} values are claimed in ${this.left} bytes`);
    const values: T[] = [];
    for (let i = 0; i < count; i++) values.push(read(this));
    return values;
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (bytes > this.#buffer.length - at) malformed(`${bytes} bytes are needed and ${this.#buffer.length - at} are left`);
    this.#at = at + bytes;
    return at;
  }
}

function malformed(what: string): never {
  throw new DriverError('invalid', `An answer of the broker is malformed: ${what}. Check that bootstrap.servers names Kafka brokers.`);
}
