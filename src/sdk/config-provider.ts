/** What a provider knows of one path: only keys that were asked for and exist. */
export interface Provided {
  readonly data: Readonly<Record<string, string>>;
  /** How long it is good for; afterwards a connector that uses it should be restarted. */
  readonly ttlMs?: number;
}

/** Looks up values that configurations refer to as `${provider:path:key}`. */
export interface ConfigProvider {
  /** `path` is empty where the reference has none. */
  get(path: string, keys: readonly string[]): Promise<Provided>;
}

export interface ProviderOptions {
  /** Settings under `config.providers.NAME.param.`. */
  readonly params: Readonly<Record<string, string>>;
  /** Where these settings stand, for errors. */
  readonly prefix: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of a reference that is answered with nothing. */
  readonly warn: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface ConfigProviderDefinition {
  readonly kind: 'config-provider';
  readonly name: string;
  readonly summary: string;
  /** Fails on settings that it refuses, before anything else of the worker starts. */
  open(options: ProviderOptions): ConfigProvider | Promise<ConfigProvider>;
}

/** A config provider: the default export of a module that `config.providers.NAME.class` names. */
export const defineConfigProvider = (spec: Omit<ConfigProviderDefinition, 'kind'>): ConfigProviderDefinition =>
  Object.freeze({ kind: 'config-provider', ...spec });
