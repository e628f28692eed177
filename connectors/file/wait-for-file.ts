import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { FileInputOptions } from './byte-input.ts';
import { codeOf, fileErrors, openError } from './errors.ts';
import type { Wakeup } from './wakeup.ts';

/** Opens a file for reading; one that does not exist is waited for, which is said once. */
export async function waitForFile({ file, log }: FileInputOptions, wakeup: Wakeup): Promise<FileHandle> {
  for (let told = false; ; told = true) {
    const handle = await openExisting(file);
    if (handle !== undefined) return handle;
    if (!told) log.warn(`Couldn't find file ${file}: waiting for it to be created.`, { file });
    await wakeup.wait();
  }
}

/** `undefined`: there is no such file. */
async function openExisting(file: string): Promise<FileHandle | undefined> {
  // Asked before: opening a pipe would wait for its writer.
  const found = await unlessMissing(file, stat(file));
  if (found === undefined) return undefined;
  const is = oddity(found);
  if (is !== undefined) throw fileErrors.NOT_A_FILE({ file, is });
  return await unlessMissing(file, open(file, 'r'));
}

async function unlessMissing<T>(file: string, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw openError(file, error);
  }
}

const oddity = (found: Stats): string | undefined => {
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
};
