import { settingsErrors } from '../errors/settings.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConfigProvider, ConfigProviderDefinition, Provided, ProviderOptions } from '../sdk/config-provider.ts';
import type { FlatConfig } from './flat-json.ts';
import { directoryProvider } from './providers/directory-provider.ts';
import { environmentProvider } from './providers/environment-provider.ts';
import { fileProvider } from './providers/file-provider.ts';

/** A configuration whose references are replaced. */
export interface Resolved {
  readonly config: FlatConfig;
  /** What providers said in the place of references. */
  readonly provided: readonly string[];
  /** Shortest time that one of the values is good for; absent when none ends. */
  readonly ttlMs?: number;
}

const classes: Readonly<Record<string, (options: ProviderOptions) => ConfigProvider>> = {
  FileConfigProvider: fileProvider,
  DirectoryConfigProvider: directoryProvider,
  EnvVarConfigProvider: environmentProvider,
};
/** Imports the provider that a package or a file exports. Throws an Error whose message says why it is none. */
export type ImportProvider = (name: string) => Promise<ConfigProviderDefinition>;

type OpenOptions = Pick<ProviderOptions, 'environment' | 'warn'> & { readonly importProvider: ImportProvider };

const javaPackage = 'org.apache.kafka.common.config.provider.';

/** `${provider:key}` or `${provider:path:key}`. */
const reference = /\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}/g;

/** The references in a configuration, and where they stand. */
export const referencesIn = (config: RawConfig): ReadonlyArray<{ readonly key: string; readonly reference: string }> =>
  Object.entries(config).flatMap(([key, value]) =>
    typeof value === 'string' ? Array.from(value.matchAll(reference), ([found]) => ({ key, reference: found })) : [],
  );

/**
 * Replaces `${provider:path:key}` in configurations by what the providers of `config.providers` say.
 *
 * A reference to an unknown provider or key stays as it is; what comes from a provider is not looked at again.
 */
export class ConfigReferences {
  readonly #providers: ReadonlyMap<string, ConfigProvider>;

  private constructor(providers: ReadonlyMap<string, ConfigProvider>) {
    this.#providers = providers;
  }

  /** The providers that worker settings name. Fails on an unknown class and on settings that a provider refuses. */
  static async of(worker: FlatConfig, options: OpenOptions): Promise<ConfigReferences> {
    const names = (worker['config.providers'] ?? '').split(',').map((name) => name.trim());
    const opened = names.filter((name) => name !== '').map(async (name) => [name, await openProvider(name, worker, options)] as const);
    return new ConfigReferences(new Map(await Promise.all(opened)));
  }

  /** Reads each path once, however many keys are asked for. */
  async resolve(config: FlatConfig): Promise<Resolved> {
    const found = await this.#lookUp(config);
    const entries = Object.entries(config).map(([key, value]) => [key, value === null ? null : replaced(value, found)] as const);
    const ttls = Array.from(found.values(), ({ ttlMs }) => ttlMs).filter(isTime);
    const provided = [...found.values()].flatMap(({ data }) => Object.values(data));
    return { config: Object.fromEntries(entries), provided, ...(ttls.length > 0 ? { ttlMs: Math.min(...ttls) } : {}) };
  }

  async #lookUp(config: FlatConfig): Promise<ReadonlyMap<string, Provided>> {
    const wanted = new Map<string, { readonly name: string; readonly path: string; readonly keys: Set<string> }>();
    for (const value of Object.values(config)) {
      for (const [, name = '', path = '', key = ''] of value?.matchAll(reference) ?? []) {
        const place = placeOf(name, path);
        const known = wanted.get(place) ?? { name, path, keys: new Set() };
        known.keys.add(key);
        wanted.set(place, known);
      }
    }
    const asked = Array.from(wanted, async ([place, { name, path, keys }]) => {
      const answer = await this.#providers.get(name)?.get(path, [...keys]);
      return answer === undefined ? [] : [[place, answer] as const];
    });
    return new Map((await Promise.all(asked)).flat());
  }
}

/** Less than nothing is no time, as in Connect. */
const isTime = (ttlMs: number | undefined): ttlMs is number => Number.isFinite(ttlMs) && Number(ttlMs) >= 0;

const placeOf = (name: string, path: string): string => JSON.stringify([name, path]);

const replaced = (value: string, found: ReadonlyMap<string, Provided>): string =>
  value.replace(reference, (whole: string, name: string, path: string | undefined, key: string) => {
    const data = found.get(placeOf(name, path ?? ''))?.data ?? {};
    return Object.hasOwn(data, key) ? (data[key] ?? whole) : whole;
  });

async function openProvider(name: string, worker: FlatConfig, options: OpenOptions): Promise<ConfigProvider> {
  const key = `config.providers.${name}.class`;
  const given = worker[key]?.trim();
  if (given === undefined || given === '') throw settingsErrors.PROVIDER_CLASS({ name });
  const prefix = `config.providers.${name}.param.`;
  const params = Object.entries(worker).flatMap(([param, value]) =>
    param.startsWith(prefix) && value !== null ? [[param.slice(prefix.length), value]] : [],
  );
  const open = await providerOf(given, key, options.importProvider);
  return open({ params: Object.fromEntries(params), prefix, environment: options.environment, warn: options.warn });
}

/** Ours by Connect's class name or its last part, others by the package or file that exports them. */
async function providerOf(given: string, key: string, importProvider: ImportProvider): Promise<ConfigProviderDefinition['open']> {
  const simple = given.startsWith(javaPackage) ? given.slice(javaPackage.length) : given;
  const own = Object.hasOwn(classes, simple) ? classes[simple] : undefined;
  if (own !== undefined) return own;
  const definition = await importProvider(given).catch((error: unknown) => {
    const known = Object.keys(classes).map((known) => javaPackage + known);
    throw settingsErrors.PROVIDER_UNKNOWN(
      { key, provider: given, known, reason: error instanceof Error ? error.message : String(error) },
      error,
    );
  });
  return (options) => definition.open(options);
}
