import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { settingsErrors } from '../../errors/settings.ts';
import type { ConfigProvider, Provided, ProviderOptions } from '../../sdk/config-provider.ts';
import { reasonOf } from '../config-file.ts';
import { allowedPaths } from './allowed-paths.ts';
import { nothing, ttlOf } from './config-provider.ts';

/** `${directory:/run/secrets:token}`: the whole content of one file of a folder, as it is. */
export function directoryProvider({ params, prefix, warn }: ProviderOptions): ConfigProvider {
  const ttl = ttlOf({ params, prefix });
  const isAllowed = allowedPaths(params['allowed.paths'], `${prefix}allowed.paths`);
  return {
    async get(path, keys): Promise<Provided> {
      if (path === '') return nothing;
      if (!isAllowed(path)) {
        warn('a config reference names a path that allowed.paths does not allow', { path });
        return nothing;
      }
      if (!(await isA('folder', path))) {
        warn('a config reference names a path that is no folder', { path });
        return nothing;
      }
      const found = await Promise.all(keys.filter(isFileName).map(async (key) => [key, await contentOf(join(path, key))] as const));
      return { data: Object.fromEntries(found.flatMap(([key, content]) => (content === undefined ? [] : [[key, content]]))), ...ttl };
    },
  };
}

/** A key is the name of a file in the folder, and leads nowhere else. */
const isFileName = (key: string): boolean => key !== '' && key !== '.' && key !== '..' && basename(key) === key;

async function contentOf(file: string): Promise<string | undefined> {
  if (!(await isA('file', file))) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw settingsErrors.PROVIDER_READ({ path: file, reason: reasonOf(error) }, error);
  }
}

const isA = (kind: 'file' | 'folder', path: string): Promise<boolean> =>
  stat(path).then(
    (found) => (kind === 'file' ? found.isFile() : found.isDirectory()),
    () => false,
  );
