import type { Provided } from '../../sdk/config-provider.ts';

export const nothing: Provided = { data: {} };

/** The members of `all` that were asked for. */
export const only = (all: Readonly<Record<string, string | undefined>>, keys: readonly string[]): Provided => ({
  data: Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(all, key) && all[key] !== undefined ? [[key, all[key]]] : []))),
});
