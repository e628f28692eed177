import type { TextBuffer } from '../record-batch/index.ts';

/** A writer of text sets aside more than it needs: without this room a full batch would grow its memory. */
const ROOM = 8 * 1024;
const MOST_KEPT_BYTES = 8 * 1024 * 1024;

/** Memory of batches that were written, for the next ones: it need not be taken, cleared and given back for each. */
export class BatchMemory {
  readonly size: number;
  readonly #free: TextBuffer[] = [];

  constructor(batchBytes: number) {
    this.size = batchBytes + ROOM;
  }

  take(): TextBuffer | undefined {
    return this.#free.pop();
  }

  give(memory: TextBuffer): void {
    const fits = memory.length >= this.size && memory.length <= 4 * this.size;
    if (fits && (this.#free.length + 1) * this.size <= MOST_KEPT_BYTES) this.#free.push(memory);
  }
}
