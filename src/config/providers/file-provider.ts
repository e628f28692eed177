import { readFile } from 'node:fs/promises';
import { settingsErrors } from '../../errors/settings.ts';
import type { ConfigProvider, ProviderOptions } from '../../sdk/config-provider.ts';
import { reasonOf } from '../config-file.ts';
import { parseProperties } from '../properties.ts';
import { allowedPaths } from './allowed-paths.ts';
import { nothing, only, ttlOf } from './config-provider.ts';

/** `${file:/etc/secrets.properties:password}`: one key of a properties file in UTF-8. */
export function fileProvider({ params, prefix, warn }: ProviderOptions): ConfigProvider {
  const ttl = ttlOf({ params, prefix });
  const isAllowed = allowedPaths(params['allowed.paths'], `${prefix}allowed.paths`);
  return {
    async get(path, keys) {
      if (path === '') return nothing;
      if (!isAllowed(path)) {
        warn('a config reference names a path that allowed.paths does not allow', { path });
        return nothing;
      }
      try {
        return { ...only(parseProperties(await readFile(path, 'utf8')), keys), ...ttl };
      } catch (error) {
        throw settingsErrors.PROVIDER_READ({ path, reason: reasonOf(error) }, error);
      }
    },
  };
}
