import { readFile } from 'node:fs/promises';
import { settingsErrors } from '../errors/settings.ts';
import { parseProperties } from './properties.ts';

/** The text of a file, byte by byte as ISO 8859-1 or as UTF-8. `what` names its role in the error. */
export async function readConfigFile(what: string, file: string, encoding: 'latin1' | 'utf8'): Promise<string> {
  try {
    return await readFile(file, encoding);
  } catch (error) {
    throw settingsErrors.FILE_UNREADABLE({ what, file, reason: reasonOf(error) }, error);
  }
}

/** A properties file of the worker or of a connector. Connect reads them as ISO 8859-1: other characters are written `\u00e9`. */
export async function readPropertiesFile(what: string, file: string): Promise<Readonly<Record<string, string>>> {
  return propertiesOf(what, file, await readConfigFile(what, file, 'latin1'));
}

export function propertiesOf(what: string, file: string, text: string): Readonly<Record<string, string>> {
  try {
    return parseProperties(text);
  } catch (error) {
    throw settingsErrors.FILE_MALFORMED({ what, file, reason: withoutPeriod(error) }, error);
  }
}

/** The words for the errors of the file system that users meet. */
export function reasonOf(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'this user may not read it',
    EISDIR: 'it is a folder',
  };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? withoutPeriod(error);
}

const withoutPeriod = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
