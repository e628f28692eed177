import type { Writable } from 'node:stream';
import { writeError } from './errors.ts';

/** Standard output as a target of whole writes. It is never closed: it belongs to the process. */
export class StandardOutput {
  readonly #stream: Writable;
  /** A stream that fails says so to its listeners too; each write has told its caller already. */
  readonly #heard = (): void => {};

  constructor(stream: Writable = process.stdout) {
    this.#stream = stream;
    stream.on('error', this.#heard);
  }

  /** Resolves when the system has taken `bytes`. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(writeError('', error)) : resolve()));
    });
  }

  async close(): Promise<void> {
    this.#stream.off('error', this.#heard);
  }
}
