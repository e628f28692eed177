import { enableCompileCache, flushCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Keeps what V8 compiles in a folder of the user's own cache, so that processes and threads start faster from the second time on.
 *
 * Where Node.js was told another folder (`NODE_COMPILE_CACHE`) it is that one; where the folder cannot be written nothing is kept.
 */
export function keepCompiled(): void {
  enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice', 'compiled'));
}

/** Writes what was compiled so far: a process that is killed writes nothing at its end. */
export const saveCompiled = (): void => flushCompileCache();
