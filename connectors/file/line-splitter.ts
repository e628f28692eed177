import { isAscii } from 'node:buffer';

/** Lines taken together. Line `i` ends (its terminator included) at byte `ends[i]` of the input. */
export interface Lines {
  readonly values: readonly string[];
  readonly ends: Float64Array;
  /** Bytes they took up in the input. */
  readonly bytes: number;
}

export interface LineSplitterOptions {
  /** Where in the input the first byte lies. */
  readonly position: number;
  readonly maxLineBytes: number;
  /** Makes the error of a line, beginning at this position, that is longer than `maxLineBytes`. */
  readonly tooLong: (position: number) => Error;
}

/** What a file costs that does not grow: there may be thousands. */
const smallest = 4 * 1024;
const largest = 1024 * 1024;
/**
 * Bytes decoded in one step. A line is a slice of the decoded text and keeps all of it in memory, so that one line kept for long costs
 * at most this (and a line that is longer costs itself).
 */
const segmentBytes = 64 * 1024;
const LF = 10;
const CR = 13;

/**
 * Cuts bytes into lines at `\n`, `\r` and `\r\n`, as Java's reader does: a `\r` at the end waits for what follows, and a last line without
 * terminator waits for more. Bytes that are no valid UTF-8 become U+FFFD.
 *
 * Fill it: read into `space()`, then tell `filled(n)`. Empty it: `take` until it answers `undefined`.
 */
export class LineSplitter {
  readonly #options: LineSplitterOptions;
  #buffer = Buffer.allocUnsafeSlow(smallest);
  /** Bytes from `#start` to `#end` are not taken yet; up to `#searched` they hold no line end. */
  #start = 0;
  #end = 0;
  /** Bytes of the last read. */
  #last = 0;
  #searched = 0;
  #returns = false;
  /** Position in the input of byte 0 of the buffer. */
  #base: number;
  /** The decoded segment of whole lines, and how far it is taken. Its byte 0 is at `#start` of the buffer. */
  #text = '';
  #at = 0;
  #ascii = true;
  #ends = new Float64Array(16);

  constructor(options: LineSplitterOptions) {
    this.#options = options;
    this.#base = options.position;
  }

  /** Position behind the last line taken. */
  get position(): number {
    return this.#base + this.#start;
  }

  /** Bytes that wait for the end of their line, once `take` has answered `undefined`. */
  get pending(): number {
    return this.#end - this.#start;
  }

  /** Free room at the end of the buffer. Only while `take` has nothing left. */
  space(): Buffer {
    if (this.#start > 0) this.#moveToFront();
    if (this.#buffer.length - this.#end < smallest / 2) this.#resize(this.#buffer.length * 2);
    // A read that left most of it empty halves it: input that has slowed down gives its memory back.
    else if (this.#last < this.#buffer.length / 8 && this.#end < this.#buffer.length / 4)
      this.#resize(Math.max(smallest, this.#buffer.length / 2));
    return this.#buffer.subarray(this.#end);
  }

  /** `bytes` of the space are filled. Fast input makes the buffer grow, so that fewer and larger steps do. */
  filled(bytes: number): void {
    const from = this.#end;
    this.#end += bytes;
    this.#last = bytes;
    this.#returns ||= this.#buffer.subarray(from, this.#end).includes(CR);
    if (this.#end === this.#buffer.length && this.#end < largest) this.#resize(this.#end * 2);
  }

  /**
   * At most `max` whole lines; `undefined` when there is none.
   *
   * @throws the error of `tooLong`, after all lines before the long one were taken.
   */
  take(max: number): Lines | undefined {
    const from = this.#start;
    const values: string[] = [];
    const mayBe = Math.min(max, Math.max(16, this.pending));
    if (this.#ends.length < mayBe) this.#ends = new Float64Array(mayBe);
    const most = Math.min(max, this.#ends.length);
    while (values.length < most && (this.#at < this.#text.length || this.#decode(values.length))) {
      if (!this.#split(values, most)) break;
    }
    if (values.length === 0) return undefined;
    return { values, ends: this.#ends.slice(0, values.length), bytes: this.#start - from };
  }

  /** What waits for the end of its line, as a line: for input that is known to be over. */
  finish(): Lines | undefined {
    const bytes = this.pending;
    if (bytes === 0) return undefined;
    const whole = this.#buffer[this.#end - 1] === CR ? this.#end - 1 : this.#end;
    const value = this.#buffer.toString('utf8', this.#start, whole);
    this.#start = this.#end;
    return { values: [value], ends: Float64Array.of(this.position), bytes };
  }

  /** Drops what waits; the next bytes are those at `position` of the input. */
  restart(position: number): void {
    this.#start = 0;
    this.#end = 0;
    this.#searched = 0;
    this.#returns = false;
    this.#text = '';
    this.#at = 0;
    this.#base = position;
  }

  /** Decodes the next segment of whole lines. `false`: there is none. A line that is too long throws, unless lines before it wait (`taken`). */
  #decode(taken: number): boolean {
    const stop = this.#wholeLines();
    if (stop === 0) {
      if (this.pending <= this.#options.maxLineBytes + 1) return false; // + 1: a `\r` that waits
      if (taken > 0) return false;
      throw this.#options.tooLong(this.position);
    }
    const bytes = this.#buffer.subarray(this.#start, stop);
    this.#ascii = isAscii(bytes);
    this.#text = this.#ascii ? bytes.toString('latin1') : bytes.toString('utf8');
    this.#at = 0;
    this.#searched = stop;
    return true;
  }

  /** End of the last whole line of the next segment; 0: no line is whole. */
  #wholeLines(): number {
    for (let from = Math.max(this.#start, this.#searched); from < this.#end; ) {
      const to = Math.min(from + segmentBytes, this.#end);
      const stop = this.#lastLineEnd(from, to);
      if (stop > 0) return stop;
      from = to;
    }
    // A `\r` at the very end is looked at again when its follower is there.
    this.#searched = this.#returns && this.#buffer[this.#end - 1] === CR && this.#end > this.#start ? this.#end - 1 : this.#end;
    return 0;
  }

  #lastLineEnd(from: number, to: number): number {
    const bytes = this.#buffer.subarray(from, to);
    const feed = bytes.lastIndexOf(LF);
    if (!this.#returns) return feed < 0 ? 0 : from + feed + 1;
    let back = bytes.lastIndexOf(CR);
    if (from + back + 1 === this.#end && back > feed) back = back === 0 ? -1 : bytes.lastIndexOf(CR, back - 1);
    const last = Math.max(feed, back);
    if (last < 0) return 0;
    const stop = from + last + 1;
    return last === back && stop < this.#end && this.#buffer[stop] === LF ? stop + 1 : stop;
  }

  /** Moves lines of the segment to `values`. `false`: the next one is too long. */
  #split(values: string[], most: number): boolean {
    const text = this.#text;
    const longest = this.#options.maxLineBytes;
    const base = this.#base;
    const ends = this.#ends;
    let at = this.#at;
    let start = this.#start;
    let feed = -1;
    let back = this.#returns ? -1 : text.length;
    while (values.length < most && at < text.length) {
      if (feed < at) feed = nextOf(text, '\n', at);
      if (back < at) back = nextOf(text, '\r', at);
      const end = Math.min(feed, back);
      const terminator = end === back && text.charCodeAt(end + 1) === LF ? 2 : 1;
      const bytes = this.#ascii ? end - at : byteLength(this.#buffer, start);
      if (bytes > longest) {
        if (values.length === 0) throw this.#options.tooLong(base + start);
        this.#at = at;
        this.#start = start;
        return false;
      }
      start += bytes + terminator;
      ends[values.length] = base + start;
      values.push(text.slice(at, end));
      at = end + terminator;
    }
    this.#at = at;
    this.#start = start;
    return true;
  }

  #moveToFront(): void {
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#base += this.#start;
    this.#end -= this.#start;
    this.#searched = Math.max(0, this.#searched - this.#start);
    this.#start = 0;
    this.#returns = this.#end > 0 && this.#buffer.subarray(0, this.#end).includes(CR);
    this.#text = '';
    this.#at = 0;
  }

  #resize(length: number): void {
    if (length === this.#buffer.length) return;
    const other = Buffer.allocUnsafeSlow(length);
    this.#buffer.copy(other, 0, 0, this.#end);
    this.#buffer = other;
  }
}

const nextOf = (text: string, character: string, from: number): number => {
  const index = text.indexOf(character, from);
  return index < 0 ? text.length : index;
};

/** Bytes from `from` to the next line end, which is known to be there. */
const byteLength = (bytes: Uint8Array, from: number): number => {
  let at = from;
  for (let byte = bytes[at]; byte !== LF && byte !== CR; byte = bytes[++at]);
  return at - from;
};
