import type { PluginEntry } from './plugin-entry.ts';

/** What comes with the package. Listed rather than searched for, so that a name costs no import; a test compares the list with the folders. */
export const builtins: readonly PluginEntry[] = [];
