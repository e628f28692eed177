import { settingsErrors } from '../../errors/settings.ts';
import type { Provided, ProviderOptions } from '../../sdk/config-provider.ts';

export const nothing: Provided = { data: {} };

/**
 * How long values are good for by `ttl.ms`, in which ours go beyond Connect's: afterwards connectors that use them are restarted.
 * Without it, for ever.
 */
export function ttlOf({ params, prefix }: Pick<ProviderOptions, 'params' | 'prefix'>): Pick<Provided, 'ttlMs'> {
  const text = params['ttl.ms']?.trim();
  if (text === undefined) return {};
  const ttlMs = /^\d+$/.test(text) ? Number(text) : 0;
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1) throw settingsErrors.PROVIDER_TTL({ key: `${prefix}ttl.ms`, value: text });
  return { ttlMs };
}

/** The members of `all` that were asked for. */
export const only = (all: Readonly<Record<string, string | undefined>>, keys: readonly string[]): Provided => ({
  data: Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(all, key) && all[key] !== undefined ? [[key, all[key]]] : []))),
});
