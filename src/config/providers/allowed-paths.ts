import { existsSync } from 'node:fs';
import { isAbsolute, normalize, sep } from 'node:path';
import { settingsErrors } from '../../errors/settings.ts';

/** Says whether a path may be read: where `allowed.paths` is given, only what is at or below one of them, `..` resolved. */
export function allowedPaths(list: string | undefined, key: string): (path: string) => boolean {
  if (list === undefined || list.trim() === '') return () => true;
  const allowed = list.split(',').map((path) => path.trim());
  for (const path of allowed) {
    if (!isAbsolute(path)) throw settingsErrors.PROVIDER_PATH({ key, path, reason: 'is not absolute' });
    if (!existsSync(path)) throw settingsErrors.PROVIDER_PATH({ key, path, reason: 'does not exist' });
  }
  const roots = allowed.map(trimmed);
  return (path) => {
    const candidate = trimmed(path);
    return roots.some((root) => candidate === root || candidate.startsWith(root.endsWith(sep) ? root : root + sep));
  };
}

const trimmed = (path: string): string => {
  const plain = normalize(path);
  return plain.length > 1 && plain.endsWith(sep) ? plain.slice(0, -1) : plain;
};
