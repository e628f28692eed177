import { type FileHandle, stat } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { type ByteInput, type FileInputOptions, never, type Read } from './byte-input.ts';
import { codeOf, gzipError } from './errors.ts';
import { waitForFile } from './wait-for-file.ts';
import { Wakeup } from './wakeup.ts';

/** What tells one state of a file from another. */
interface State {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/**
 * The content of a gzip file; positions count its uncompressed bytes, so that going on at one means to read what is before it again.
 *
 * At the end the file is watched: members appended to it are read, and so is another file that takes its name.
 */
export class GzipFile implements ByteInput {
  readonly #options: FileInputOptions;
  readonly #wakeup: Wakeup;
  #content: AsyncIterator<Buffer> | undefined;
  #stream: Gunzip | undefined;
  #state: State | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #position: number;
  /** Bytes before `#position` that are still to be read again. */
  #skip = 0;
  #closed = false;

  constructor(options: FileInputOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#wakeup = new Wakeup(options.file, options.scheduler);
  }

  async read(into: Buffer): Promise<Read> {
    for (;;) {
      if (this.#content === undefined) await this.#open();
      if (this.#rest.length > 0) return this.#give(into);
      const next = await this.#next();
      if (next === undefined) {
        const turn = await this.#nextState();
        if (turn !== undefined) return turn;
      } else {
        const skipped = Math.min(this.#skip, next.length);
        this.#skip -= skipped;
        this.#rest = next.subarray(skipped);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wakeup.close();
    this.#stream?.destroy();
  }

  #give(into: Buffer): number {
    const bytes = this.#rest.copy(into);
    this.#rest = this.#rest.subarray(bytes);
    this.#position += bytes;
    return bytes;
  }

  async #open(): Promise<void> {
    const handle = await waitForFile(this.#options, this.#wakeup);
    this.#state = await handle.stat({ bigint: true });
    if (this.#closed) {
      await handle.close();
      return await never;
    }
    this.#stream = gunzip(handle);
    this.#content = this.#stream[Symbol.asyncIterator]();
    this.#skip = this.#position;
  }

  /** `undefined`: the end, of a file that is complete or still being written. */
  async #next(): Promise<Buffer | undefined> {
    try {
      const next = await this.#content?.next();
      return next?.done === false ? next.value : undefined;
    } catch (error) {
      if (this.#closed) return await never;
      if (codeOf(error) === 'Z_BUF_ERROR') return undefined; // cut off in the middle: still being written
      throw gzipError(this.#options.file, this.#position, error);
    }
  }

  /** Waits until the file is not what it was, and says how it goes on. */
  async #nextState(): Promise<Read | undefined> {
    const { file, log } = this.#options;
    const before = this.#state;
    if (this.#skip > 0) {
      log.warn('The content is shorter than the position reached in it: going on at its beginning.', { file, position: this.#position });
      return this.#restart('truncated');
    }
    let now: State | undefined;
    do {
      this.#wakeup.listen();
      await this.#wakeup.wait();
      now = await stat(file, { bigint: true }).catch(() => undefined);
    } while (now === undefined || (now.ino === before?.ino && now.size === before.size && now.mtimeNs === before.mtimeNs));
    this.#content = undefined;
    if (now.ino === before?.ino && now.size >= before.size) return undefined;
    log.info('Another file has taken the place of the one that was read: going on at its beginning.', { file });
    this.#wakeup.deafen();
    return this.#restart('replaced');
  }

  #restart(turn: Read): Read {
    this.#content = undefined;
    this.#position = 0;
    return turn;
  }
}

/** The stream owns the handle: it closes with it. */
const gunzip = (handle: FileHandle): Gunzip => {
  const compressed = handle.createReadStream();
  const content = createGunzip({ chunkSize: 64 * 1024 });
  compressed.on('error', (error) => content.destroy(error));
  content.on('close', () => compressed.destroy());
  return compressed.pipe(content);
};
