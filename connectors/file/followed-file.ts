import { type FileHandle, stat } from 'node:fs/promises';
import { type ByteInput, type FileInputOptions, never, type Read } from './byte-input.ts';
import { readError } from './errors.ts';
import { waitForFile } from './wait-for-file.ts';
import { Wakeup } from './wakeup.ts';

/** How long a file that was moved away is read after its last growth: its writer goes on until it is told to open the new one. */
const graceMs = 1_000;

/** Tells a file from another that has taken its name. */
interface Identity {
  readonly ino: bigint;
  readonly dev: bigint;
}

const isSame = (a: Identity, b: Identity | undefined): boolean => a.ino === b?.ino && a.dev === b.dev;

/** Bytes of a file that grows, across truncation and rotation. A file that does not exist yet is waited for. */
export class FollowedFile implements ByteInput {
  readonly #options: FileInputOptions;
  readonly #wakeup: Wakeup;
  #handle: FileHandle | undefined;
  #opened: Identity | undefined;
  #position: number;
  /** The last read found the end. */
  #drained = false;
  /** Since when the file has another name and did not grow. */
  #movedAt: number | undefined;
  #closed = false;

  constructor(options: FileInputOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#wakeup = new Wakeup(options.file, options.scheduler);
  }

  async read(into: Buffer): Promise<Read> {
    if (this.#handle === undefined) {
      const found = await (await this.#open()).stat({ bigint: true });
      this.#opened = found;
      if (found.size < this.#position) return this.#truncated();
    }
    if (this.#drained && this.#wakeup.quiet) await this.#wakeup.wait();
    for (;;) {
      const bytes = await this.#readOnce(into);
      if (bytes > 0) return bytes;
      const turn = await this.#turn();
      if (turn !== undefined) return turn;
      this.#wakeup.listen();
      // Nothing was told, and one look says that nothing was missed: the file need not be read.
      while (!(await this.#wakeup.wait())) {
        const unchanged = await this.#isUnchanged();
        if (this.#closed) return await never;
        if (unchanged) continue;
        this.#wakeup.missed();
        break;
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wakeup.close();
    await this.#handle?.close();
  }

  async #open(): Promise<FileHandle> {
    const handle = await waitForFile(this.#options, this.#wakeup);
    if (this.#closed) {
      await handle.close();
      return await never;
    }
    this.#handle = handle;
    return handle;
  }

  async #readOnce(into: Buffer): Promise<number> {
    try {
      const read = await this.#handle?.read(into, 0, into.length, this.#position);
      const bytes = read?.bytesRead ?? 0;
      this.#position += bytes;
      this.#drained = bytes < into.length;
      if (bytes > 0) this.#wakeup.lookOften();
      if (bytes > 0 && this.#movedAt !== undefined) this.#movedAt = this.#options.scheduler.now();
      return bytes;
    } catch (error) {
      if (this.#closed) return await never;
      throw readError(this.#options.file, this.#position, error);
    }
  }

  async #isUnchanged(): Promise<boolean> {
    const named = await stat(this.#options.file, { bigint: true }).catch(() => undefined);
    return named !== undefined && isSame(named, this.#opened) && Number(named.size) === this.#position && this.#movedAt === undefined;
  }

  /** At the end of what there is: has the file become shorter, or has another one taken its name? */
  async #turn(): Promise<Read | undefined> {
    const { file, log, scheduler } = this.#options;
    const named = await stat(file, { bigint: true }).catch(() => undefined);
    if (this.#closed) return await never;
    if (named === undefined || isSame(named, this.#opened)) {
      this.#movedAt = undefined;
      return named !== undefined && named.size < this.#position ? this.#truncated() : undefined;
    }
    this.#movedAt ??= scheduler.now();
    this.#wakeup.lookOften();
    if (scheduler.now() - this.#movedAt < graceMs) return undefined;
    log.info('Another file has taken the place of the one that was read: going on at its beginning.', { file });
    return await this.#replaced();
  }

  async #replaced(): Promise<Read> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#movedAt = undefined;
    this.#wakeup.deafen();
    this.#restart();
    await handle?.close();
    return 'replaced';
  }

  #truncated(): Read {
    const { file, log } = this.#options;
    log.warn('The file is shorter than the position reached in it: going on at its beginning.', { file, position: this.#position });
    this.#restart();
    return 'truncated';
  }

  #restart(): void {
    this.#position = 0;
    this.#drained = false;
  }
}
