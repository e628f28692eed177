import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { kafkaErrors } from '../../errors/kafka.ts';
import { isBusy, storeError } from './store-errors.ts';

const LOCK_FILE = 'owner.lock';
const PID_FILE = 'owner.pid';

export interface OwnerLock {
  release(): void;
}

/**
 * Makes the caller the one owner of a data folder, until it releases the lock or its process ends, however it ends.
 *
 * The lock is a lock of the operating system on a small SQLite file of its own. Nobody may open that file otherwise: closing any handle
 * on it would free the lock. The owner's pid is a plain file beside it, for messages only.
 */
export function lockFolder(folder: string): OwnerLock {
  const file = join(folder, LOCK_FILE);
  const pidFile = join(folder, PID_FILE);
  const db = acquire(folder, file, pidFile);
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release() {
      if (!db.isOpen) return;
      rmSync(pidFile, { force: true });
      db.close();
    },
  };
}

function acquire(folder: string, file: string, pidFile: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    if (isBusy(error)) throw kafkaErrors.STORE_OWNED({ folder, pid: pidIn(pidFile) }, error);
    throw storeError(error, file);
  }
}

function pidIn(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
