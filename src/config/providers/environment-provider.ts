import { settingsErrors } from '../../errors/settings.ts';
import { JavaPattern } from '../../java/regex/java-pattern.ts';
import type { ConfigProvider, ProviderOptions } from '../../sdk/config-provider.ts';
import { only } from './config-provider.ts';

/** `${env:NAME}`: an environment variable, of those whose whole name matches `allowlist.pattern`. */
export function environmentProvider({ params, prefix, environment }: ProviderOptions): ConfigProvider {
  const isAllowed = wholeMatch(params['allowlist.pattern'] ?? '.*', `${prefix}allowlist.pattern`);
  return {
    async get(path, keys) {
      if (path !== '') throw settingsErrors.PROVIDER_NO_PATH({ path });
      return only(environment, keys.filter(isAllowed));
    },
  };
}

function wholeMatch(pattern: string, key: string): (name: string) => boolean {
  try {
    const compiled = new JavaPattern(pattern);
    return (name) => compiled.matches(name);
  } catch (error) {
    throw settingsErrors.PROVIDER_PATTERN({ key, pattern, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}
