import { type FileHandle, open } from 'node:fs/promises';
import type { Log } from 'sluice/sdk';
import { fileErrors, reasonOf, writeError } from './errors.ts';

const newline = Buffer.from('\n');

export interface AppendOptions {
  /** Wait until the device has the bytes. */
  readonly fsync: boolean;
  readonly log: Log;
}

/**
 * A file that grows by whole writes: what a failed write left behind is cut off again.
 *
 * Where that cannot be (another process appended meanwhile), and where an earlier process was killed within a write, the next write begins
 * on a line of its own, so that no line of it is lost.
 */
export class AppendFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #options: AppendOptions;
  /** Length if nobody else writes. */
  #length: number;
  /** The file ends within a line. */
  #torn: boolean;

  private constructor(file: string, handle: FileHandle, options: AppendOptions, length: number, torn: boolean) {
    this.#file = file;
    this.#handle = handle;
    this.#options = options;
    this.#length = length;
    this.#torn = torn;
  }

  /** Opens `file` for appending, and creates it if need be. */
  static async open(file: string, options: AppendOptions): Promise<AppendFile> {
    try {
      const handle = await open(file, 'a');
      const found = await handle.stat();
      const torn = found.isFile() && found.size > 0 && !(await endsLine(file, found.size));
      if (torn) options.log.warn('The file does not end with a newline: beginning a line of its own.', { file });
      return new AppendFile(file, handle, options, found.size, torn);
    } catch (error) {
      throw fileErrors.CANNOT_OPEN({ file, reason: reasonOf(error) }, error);
    }
  }

  /** Resolves when all `bytes`, which end with a newline, are with the operating system or, with `fsync`, on the device. */
  async write(bytes: Uint8Array): Promise<void> {
    const all = this.#torn ? Buffer.concat([newline, bytes]) : bytes;
    let written = 0;
    try {
      while (written < all.length) written += (await this.#handle.write(all, written)).bytesWritten;
      if (this.#options.fsync) await this.#handle.sync();
    } catch (error) {
      if (written > 0) await this.#takeBack(written);
      throw writeError(this.#file, error);
    }
    this.#length += written;
    this.#torn = false;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #takeBack(written: number): Promise<void> {
    try {
      const { size } = await this.#handle.stat();
      if (size !== this.#length + written) throw new Error('another process has written to the file');
      await this.#handle.truncate(this.#length);
    } catch (error) {
      this.#torn = true;
      this.#options.log.warn('A part of a failed write stays in the file.', { file: this.#file, bytes: written, reason: reasonOf(error) });
    }
  }
}

/** A file that may be written but not read counts as ending a line. */
async function endsLine(file: string, size: number): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return true;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return bytesRead === 0 || buffer[0] === newline[0];
  } finally {
    await handle.close();
  }
}
