import { access, constants, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storeErrors } from '../errors/store.ts';
import { readJavaMap, writeJavaMap } from './java-map.ts';

/** One entry: the texts of key and value, `null` for a missing one. */
export type OffsetEntry = readonly [key: string | null, value: string | null];

/**
 * The file of `offset.storage.file.filename` in Kafka Connect's own format: a Java-serialised `HashMap<byte[], byte[]>` of JSON texts.
 *
 * A file that is missing, empty or cut short is empty, as Connect has it; anything else that is no such map fails, and so does a folder
 * that cannot be written to. Written as a whole, to a
 * file beside it that then takes its place: a kill leaves the old one or the new one.
 */
export class OffsetFile {
  readonly file: string;
  #entries: readonly OffsetEntry[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, entries: readonly OffsetEntry[]) {
    this.file = file;
    this.#entries = entries;
  }

  static async open(file: string): Promise<OffsetFile> {
    const entries = await read(file);
    await checkFolder(file);
    return new OffsetFile(file, entries);
  }

  get entries(): readonly OffsetEntry[] {
    return this.#entries;
  }

  /** Replaces the content; resolves when it is durable. Writes follow each other in the order of the calls. */
  write(entries: readonly OffsetEntry[]): Promise<void> {
    this.#entries = entries;
    const writing = this.#writing.then(
      () => replace(this.file, entries),
      () => replace(this.file, entries),
    );
    this.#writing = writing;
    return writing;
  }
}

async function read(file: string): Promise<readonly OffsetEntry[]> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return new Uint8Array();
    throw storeErrors.OFFSET_FILE({ file, why: error.message }, error);
  });
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const decode = (part: Uint8Array | null) => (part === null ? null : text.decode(part));
    return readJavaMap(bytes).map(([key, value]) => [decode(key), decode(value)] as const);
  } catch (error) {
    throw storeErrors.OFFSET_FILE({ file, why: error instanceof Error ? error.message : String(error) }, error);
  }
}

/** Each write makes a file beside it: where that cannot be, no offset would ever be kept. */
const checkFolder = (file: string): Promise<void> =>
  access(dirname(file), constants.W_OK | constants.X_OK).catch((error: Error) => {
    throw storeErrors.OFFSET_FOLDER({ file, why: error.message }, error);
  });

async function replace(file: string, entries: readonly OffsetEntry[]): Promise<void> {
  const fresh = `${file}.${process.pid}.new`;
  const encode = (text: string | null) => (text === null ? null : Buffer.from(text));
  try {
    const handle = await open(fresh, 'w');
    try {
      await handle.writeFile(writeJavaMap(entries.map(([key, value]) => [encode(key), encode(value)] as const)));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await unlink(fresh).catch(() => {});
    throw storeErrors.OFFSET_FILE_WRITE({ file, why: error instanceof Error ? error.message : String(error) }, error);
  }
}

/** Without it the new name may be lost with the power. Not every system can sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
