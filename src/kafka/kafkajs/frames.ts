import { DriverError } from '../driver.ts';
import { allocate } from '../record-batch/index.ts';

const LENGTH_BYTES = 4;
/** Memory is taken for so much of an answer at once; beyond it only as it arrives, since its length is a claim. */
const TRUSTED_BYTES = 16 * 1024 * 1024;
const LEAST_BYTES = 4;
const MOST_BYTES = 0x4000_0000;

/** Puts answers together that arrive in pieces: each is copied once, into memory of its own. */
export class Frames {
  readonly #whole: (frame: Buffer) => void;
  readonly #length = allocate(LENGTH_BYTES);
  /** Bytes of the length, then of the frame, that are there. */
  #have = 0;
  #size = -1;
  #frame: Buffer | undefined;

  constructor(whole: (frame: Buffer) => void) {
    this.#whole = whole;
  }

  /** The piece is not kept. Throws a DriverError of kind `invalid` for a length that no answer has. */
  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length) at = this.#frame === undefined ? this.#measure(piece, at) : this.#fill(this.#frame, piece, at);
  }

  #measure(piece: Uint8Array, from: number): number {
    let at = from;
    while (this.#have < LENGTH_BYTES && at < piece.length) this.#length[this.#have++] = piece[at++] as number;
    if (this.#have < LENGTH_BYTES) return at;
    this.#size = this.#length.readInt32BE(0);
    if (this.#size < LEAST_BYTES || this.#size > MOST_BYTES)
      throw new DriverError(
        'invalid',
        `The broker announces an answer of ${this.#size} bytes. Check that bootstrap.servers names Kafka brokers, and that security.protocol is theirs.`,
      );
    this.#have = 0;
    this.#frame = allocate(Math.min(this.#size, TRUSTED_BYTES));
    return at;
  }

  #fill(frame: Buffer, piece: Uint8Array, from: number): number {
    const room = frame.length - this.#have;
    const end = Math.min(piece.length, from + room);
    frame.set(from === 0 && end === piece.length ? piece : piece.subarray(from, end), this.#have);
    this.#have += end - from;
    if (this.#have === this.#size) {
      this.#frame = undefined;
      this.#have = 0;
      this.#whole(frame);
    } else if (this.#have === frame.length) {
      this.#frame = allocate(Math.min(this.#size, frame.length * 2));
      frame.copy(this.#frame);
    }
    return end;
  }
}
