import type { Readable } from 'node:stream';
import { type ByteInput, never, type Read } from './byte-input.ts';
import { readError } from './errors.ts';

/** Bytes of a stream, by default those of standard input. Ends when the stream does. */
export class StandardInput implements ByteInput {
  readonly #stream: Readable;
  #error: unknown;
  #wake: (() => void) | undefined;
  #position = 0;
  #closed = false;
  readonly #tell = (): void => this.#wake?.();
  readonly #fail = (error: unknown): void => {
    this.#error = error;
    this.#tell();
  };

  constructor(stream: Readable = process.stdin) {
    this.#stream = stream;
    for (const event of ['readable', 'end', 'close']) stream.on(event, this.#tell);
    stream.on('error', this.#fail);
  }

  async read(into: Buffer): Promise<Read> {
    for (;;) {
      const stream = this.#stream;
      const bytes: Buffer | null = stream.read(Math.min(into.length, stream.readableLength) || undefined);
      if (bytes !== null) {
        this.#position += bytes.length;
        return bytes.copy(into);
      }
      if (this.#error !== undefined) throw readError('', this.#position, this.#error);
      if (stream.readableEnded || stream.destroyed) return 'end';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (this.#closed) return await never;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const event of ['readable', 'end', 'close']) this.#stream.off(event, this.#tell);
    this.#stream.off('error', this.#fail);
    this.#stream.pause();
    this.#tell();
  }
}
