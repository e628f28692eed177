import { DriverError, type OutRecord, type Payload, type WireHeaders } from '../driver.ts';
import { allocate, type TextBuffer } from './bytes.ts';
import { varintSize, writeVarint, writeVarlong } from './varint.ts';

/** Above it the exact size of a text is counted first; below it three bytes for each character are set aside. */
const LONG_TEXT = 2048;
/** Up to it a loop over ASCII characters costs less than a call of the encoder. */
const SHORT_TEXT = 16;
/** More than what stands between two payloads (length, attributes, timestamp, offset, counts, nulls) ever takes. */
const SLACK = 64;
const MAX_BYTES = 0x7fff_0000;

/**
 * Writes records one behind the other into a buffer that grows, in one pass.
 *
 * A size that precedes what it measures is guessed; what it measures is moved in the rare case that the true size takes
 * another number of bytes.
 */
export class RecordWriter {
  buffer: TextBuffer;
  end: number;
  #lengthSize = 1;
  /** A size that the buffer grows to and keeps, when what is written has room in it. */
  readonly #usual: number;

  constructor(buffer: TextBuffer, start: number, usual = 0) {
    this.buffer = buffer;
    this.#usual = usual;
    this.end = start;
  }

  write(record: OutRecord, timestampDelta: number, offsetDelta: number): void {
    this.#reserve(0);
    const start = this.end;
    const body = start + this.#lengthSize;
    this.buffer[body] = 0;
    this.end = writeVarint(this.buffer, offsetDelta, writeVarlong(this.buffer, timestampDelta, body + 1));
    this.#payload(record.key);
    this.#payload(record.value);
    const headers = record.headers;
    if (headers === undefined || headers.length === 0) this.buffer[this.end++] = 0;
    else this.#headers(headers);
    this.#length(start, body);
  }

  #length(start: number, body: number): void {
    const length = this.end - body;
    const size = varintSize(length);
    if (size !== this.#lengthSize) {
      this.buffer.copyWithin(start + size, body, this.end);
      this.end += size - this.#lengthSize;
      this.#lengthSize = size;
    }
    writeVarint(this.buffer, length, start);
  }

  #headers(headers: WireHeaders): void {
    this.end = writeVarint(this.buffer, headers.length, this.end);
    for (const header of headers) {
      this.#text(header[0]);
      this.#payload(header[1]);
    }
  }

  #payload(payload: Payload): void {
    if (payload === null) this.buffer[this.end++] = 1;
    else if (typeof payload === 'string') this.#text(payload);
    else {
      const size = payload.length;
      this.#reserve(size);
      const from = writeVarint(this.buffer, size, this.end);
      this.buffer.set(payload, from);
      this.end = from + size;
    }
  }

  #text(text: string): void {
    if (text.length <= SHORT_TEXT && this.#ascii(text)) return;
    const least = text.length > LONG_TEXT ? Buffer.byteLength(text) : text.length;
    const room = text.length > LONG_TEXT ? least : 3 * least;
    this.#reserve(room);
    const guess = this.end + varintSize(least);
    const size = this.buffer.utf8Write(text, guess, room);
    const from = this.end + varintSize(size);
    if (from !== guess) this.buffer.copyWithin(from, guess, guess + size);
    writeVarint(this.buffer, size, this.end);
    this.end = from + size;
  }

  /** Writes a short text; false, and the end where it was, when a character is not ASCII. */
  #ascii(text: string): boolean {
    this.#reserve(SHORT_TEXT);
    const { buffer } = this;
    const size = text.length;
    const from = this.end + 1;
    for (let i = 0; i < size; i++) {
      const character = text.charCodeAt(i);
      if (character > 0x7f) return false;
      buffer[from + i] = character;
    }
    buffer[this.end] = size << 1;
    this.end = from + size;
    return true;
  }

  #reserve(bytes: number): void {
    const needed = this.end + bytes + SLACK;
    if (needed <= this.buffer.length) return;
    if (needed > MAX_BYTES)
      throw new DriverError('too-large', `A record batch of more than ${MAX_BYTES} bytes cannot be written. Send fewer records.`);
    const twice = this.buffer.length * 2;
    const usual = needed <= this.#usual && twice * 2 > this.#usual;
    const larger = allocate(usual ? this.#usual : Math.min(MAX_BYTES, Math.max(needed, twice)));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }
}
