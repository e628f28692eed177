import type { FlatConfig } from './flat-json.ts';

const pattern =
  /(password|passwd|secret|token|credential|jaas\.config|ssl\.keystore\.key|ssl\.keystore\.certificate\.chain|api[._-]?key|private[._-]?key)/i;
/** A reference to a config provider tells nothing. */
const reference = /^\$\{[^}]+\}$/;

/** Whether a key is named like one of a secret: client settings, and what plugins that are not here are likely to call theirs. */
export const isSecretKey = (key: string): boolean => pattern.test(key);

/** Whether a value says something, rather than where it can be looked up. */
export const isOpenText = (value: unknown): value is string => typeof value === 'string' && value !== '' && !reference.test(value);

/** The values of a config that stand under such keys. */
export const secretsIn = (config: FlatConfig): readonly string[] =>
  Object.entries(config).flatMap(([key, value]) => (isSecretKey(key) && isOpenText(value) ? [value] : []));
