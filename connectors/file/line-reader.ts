import type { ByteInput } from './byte-input.ts';
import type { LineSplitter, Lines } from './line-splitter.ts';

/** Lines of an input: those that are there at once, others later. */
export class LineReader {
  readonly #input: ByteInput;
  readonly #splitter: LineSplitter;
  #ended = false;

  constructor(input: ByteInput, splitter: LineSplitter) {
    this.#input = input;
    this.#splitter = splitter;
  }

  /** At most `max` lines that are read already. */
  ready(max: number): Lines | undefined {
    return this.#splitter.take(max);
  }

  /** Reads until there is a line, and takes at most `max`; `undefined`: the input has ended. Only when none is ready. */
  async next(max: number): Promise<Lines | undefined> {
    const splitter = this.#splitter;
    while (!this.#ended) {
      const read = await this.#input.read(splitter.space());
      if (typeof read === 'number') splitter.filled(read);
      else if (read === 'truncated') splitter.restart(0);
      else {
        const last = splitter.finish();
        if (read === 'end') this.#ended = true;
        else splitter.restart(0);
        if (last !== undefined) return last;
      }
      const lines = splitter.take(max);
      if (lines !== undefined) return lines;
    }
    return undefined;
  }
}
