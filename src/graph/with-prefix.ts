import type { RawConfig } from '../sdk/config.ts';

/** The entries whose keys begin with `prefix`, without it. */
export const withPrefix = (raw: RawConfig, prefix: string): RawConfig =>
  Object.fromEntries(Object.entries(raw).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])));
