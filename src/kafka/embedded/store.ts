import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { kafkaErrors } from '../../errors/kafka.ts';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { storeError } from './store-errors.ts';

const STORE_FILE = 'broker.db';

/** How long a statement waits for another thread's write before it answers busy. The thread is blocked meanwhile. */
const BUSY_WAIT_MS = 50;
/** Blobs of about 100 KB: large pages mean short overflow chains. */
const PAGE_BYTES = 16_384;
/** Size of the write-ahead log at which a commit moves it into the file. */
const WAL_BYTES = 16 * 1024 * 1024;
const CACHE_KIB = 8_192;

/** A prepared statement whose rows have the given shape. */
export interface Query<Row = never> {
  get(...parameters: SQLInputValue[]): Row | undefined;
  all(...parameters: SQLInputValue[]): Row[];
  /** Number of rows changed. */
  run(...parameters: SQLInputValue[]): number;
}

/**
 * One connection to the file of a store. Each thread has its own.
 *
 * Every statement is synchronous; errors of SQLite come out as errors that name the file, except "busy", which is retried by the caller.
 */
export class Store {
  readonly file: string;
  readonly readOnly: boolean;
  readonly #db: DatabaseSync;
  readonly #queries = new Map<string, Query<unknown>>();

  constructor(db: DatabaseSync, file: string, readOnly: boolean) {
    this.#db = db;
    this.file = file;
    this.readOnly = readOnly;
  }

  /** Prepared once for each text, and shared: thousands of clients may use one connection. */
  query<Row = never>(sql: string): Query<Row> {
    const known = this.#queries.get(sql);
    // The text tells the shape of its rows.
    if (known !== undefined) return known as Query<Row>;
    const query = new PreparedQuery<Row>(
      this.#guard(() => this.#db.prepare(sql)),
      this.file,
    );
    this.#queries.set(sql, query);
    return query;
  }

  /** Runs `work` in one write transaction: all of it is durable when this returns, or none of it is kept. */
  write<T>(work: () => T): T {
    return this.#transaction('BEGIN IMMEDIATE', work);
  }

  /** Runs `work` on one snapshot. */
  read<T>(work: () => T): T {
    return this.#transaction('BEGIN', work);
  }

  /** Runs a part of a write that is undone alone when it throws. */
  part<T>(work: () => T): T {
    this.#exec('SAVEPOINT part');
    try {
      const result = work();
      this.#exec('RELEASE part');
      return result;
    } catch (error) {
      // A full disk or a failed write has already undone the whole transaction: then there is no part left to undo.
      if (this.#db.isTransaction) this.#exec('ROLLBACK TO part; RELEASE part');
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #transaction<T>(begin: string, work: () => T): T {
    this.#exec(begin);
    try {
      const result = work();
      this.#exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#exec('ROLLBACK');
      throw error;
    }
  }

  #exec(sql: string): void {
    this.#guard(() => this.#db.exec(sql));
  }

  #guard<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw storeError(error, this.file);
    }
  }
}

/** Turns what SQLite throws into errors that name the file. */
class PreparedQuery<Row> implements Query<Row> {
  readonly #statement: StatementSync;
  readonly #file: string;

  constructor(statement: StatementSync, file: string) {
    this.#statement = statement;
    this.#file = file;
  }

  // The shape of a row is the statement's own: it is written beside it, and node:sqlite cannot know it.
  get(...parameters: SQLInputValue[]): Row | undefined {
    try {
      return this.#statement.get(...parameters) as Row | undefined;
    } catch (error) {
      throw storeError(error, this.#file);
    }
  }

  all(...parameters: SQLInputValue[]): Row[] {
    try {
      return this.#statement.all(...parameters) as Row[];
    } catch (error) {
      throw storeError(error, this.#file);
    }
  }

  run(...parameters: SQLInputValue[]): number {
    try {
      return Number(this.#statement.run(...parameters).changes);
    } catch (error) {
      throw storeError(error, this.#file);
    }
  }
}

/** Opens the store of a folder for writing, making both where they are missing. */
export function openStore(folder: string): Store {
  const file = join(folder, STORE_FILE);
  return opened(file, false, () => {
    const db = new DatabaseSync(file, { timeout: BUSY_WAIT_MS });
    return prepared(db, () => {
      const version = checkVersion(db, file);
      if (version === undefined) db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL`);
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      db.exec(
        `PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${WAL_BYTES / PAGE_BYTES}; PRAGMA journal_size_limit = ${WAL_BYTES}`,
      );
      if (version === undefined) {
        db.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
      }
    });
  });
}

/** Opens the store of a folder for reading, also while its owner writes. */
export function openStoreReadOnly(folder: string): Store {
  const file = join(folder, STORE_FILE);
  if (!existsSync(file)) throw kafkaErrors.STORE_MISSING({ file });
  return opened(file, true, () => {
    const db = new DatabaseSync(readOnlyLocation(folder, file), { readOnly: true, timeout: BUSY_WAIT_MS });
    return prepared(db, () => {
      if (checkVersion(db, file) === undefined) throw kafkaErrors.STORE_MISSING({ file });
      db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    });
  });
}

/** Makes the folder, and says at once when it cannot hold a store. */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw kafkaErrors.STORE_FOLDER({ folder, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}

/** A folder that cannot be written has no owner: SQLite must not look for the shared memory that only an owner can make. */
function readOnlyLocation(folder: string, file: string): string | URL {
  if (existsSync(`${file}-wal`)) return file;
  try {
    accessSync(folder, constants.W_OK);
    return file;
  } catch {
    return new URL(`${pathToFileURL(file).href}?immutable=1`);
  }
}

function opened(file: string, readOnly: boolean, open: () => DatabaseSync): Store {
  try {
    return new Store(open(), file, readOnly);
  } catch (error) {
    throw storeError(error, file);
  }
}

function prepared(db: DatabaseSync, prepare: () => void): DatabaseSync {
  try {
    prepare();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The schema version of a store; `undefined` for an empty file. */
function checkVersion(db: DatabaseSync, file: string): number | undefined {
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
  if (tables === 0) return undefined;
  const applicationId = Number(db.prepare('PRAGMA application_id').get()?.application_id);
  if (applicationId !== APPLICATION_ID) throw kafkaErrors.STORE_FOREIGN({ file });
  const found = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (found > SCHEMA_VERSION) throw kafkaErrors.STORE_NEWER({ file, found, known: SCHEMA_VERSION });
  return found;
}
