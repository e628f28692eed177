import { readFileSync } from 'node:fs';
import { reasonOf } from '../../config/config-file.ts';
import { settingsErrors } from '../../errors/settings.ts';

export interface LineFile {
  readonly key: string;
  readonly file: string;
  /** The command that makes a line. */
  readonly make: string;
}

/** The lines of a file that names who may log in, each as `parse` reads it; `parse` answers with a text where a line is wrong. Blank lines and `#` comments are left out. */
export function readLines<T extends object>({ key, file, make }: LineFile, parse: (line: string) => T | string): readonly T[] {
  return linesOf(key, file).flatMap((text, at) => {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) return [];
    const parsed = parse(line);
    if (typeof parsed === 'string') throw settingsErrors.USERS_FILE({ key, file, line: at + 1, reason: parsed, make });
    return [parsed];
  });
}

function linesOf(key: string, file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    throw settingsErrors.FILE_UNREADABLE({ what: key, file, reason: reasonOf(error) }, error);
  }
}
