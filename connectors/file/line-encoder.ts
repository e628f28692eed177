import { type ConnectRecord, javaText } from 'sluice/sdk';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
/** Largest buffer that is kept for reuse. */
const keptBytes = 8 * 1024 * 1024;
/** Where it begins to grow. */
const leastBytes = 4 * 1024;
const lineEnd = 10;

/** Node's own method, which its types leave out: half the time of `write`, which looks at its arguments first. */
type TextBuffer = Buffer & { utf8Write(text: string, offset: number, length: number): number };

const allocate = (size: number): TextBuffer => Buffer.allocUnsafeSlow(size) as TextBuffer;

/** Turns records into the bytes of their lines. The answer is valid until the next call. */
export class LineEncoder {
  /** Nothing for a sink that never gets a record: there may be thousands. */
  #buffer = allocate(0);

  encode(records: readonly ConnectRecord[]): Uint8Array {
    let end = 0;
    for (const record of records) {
      const text = lineOf(record);
      const room = 3 * text.length + 1;
      if (end + room > this.#buffer.length) this.#grow(end, room);
      // One by one: joined first, a single character beyond Latin-1 would make all of the text wide.
      end += this.#buffer.utf8Write(text, end, room);
      this.#buffer[end++] = lineEnd;
    }
    const lines = this.#buffer.subarray(0, end);
    if (this.#buffer.length > keptBytes) this.#buffer = allocate(0);
    return lines;
  }

  #grow(end: number, room: number): void {
    const larger = allocate(Math.max(end + room, 2 * this.#buffer.length, leastBytes));
    this.#buffer.copy(larger, 0, 0, end);
    this.#buffer = larger;
  }
}

/** Texts as they are, other values as Java's `toString`, as in Connect; but bytes, of which that would say nothing, are read as UTF-8. */
function lineOf({ value, valueSchema }: ConnectRecord): string {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? utf8.decode(value) : javaText(value, valueSchema);
}
