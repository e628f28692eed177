import { isOpenText, isSecretKey } from '../config/secret-keys.ts';
import type { PluginHost } from '../plugins/host/plugin-host.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorConfig, Connectors } from '../worker/connectors.ts';

const HIDDEN = '[hidden]';

/** The keys of a plugin that are passwords. */
export type PasswordKeys = (plugin: string) => Promise<readonly string[]>;

/** Looks at what comes with the package here, and asks the plugin host about others, once each. */
export function passwordKeysOf(plugins: PluginRegistry, host: Pick<PluginHost, 'ask'>): PasswordKeys {
  const ofOthers = new Map<string, readonly string[]>();
  const isPassword = ({ type }: { readonly type: string }) => type === 'PASSWORD';
  return async (plugin) => {
    const kinds = plugins.kindsOf(plugin);
    if (kinds.length > 0) {
      const keys = await Promise.all(kinds.map(async (kind) => (await plugins.definition(kind, plugin)).config.keys));
      return keys
        .flat()
        .filter(isPassword)
        .map(({ name }) => name);
    }
    const known =
      ofOthers.get(plugin) ?? (await host.ask('keys', { name: plugin, version: undefined })).filter(isPassword).map(({ name }) => name);
    ofOthers.set(plugin, known);
    return known;
  };
}

/** A config whose secrets read `[hidden]`: what its plugins declare as passwords, and what is named like one. */
async function hideSecrets(config: RawConfig, passwordKeys: PasswordKeys): Promise<RawConfig> {
  const declared = await declaredSecrets(config, passwordKeys);
  const isSecret = (key: string, value: unknown) => isOpenText(value) && (declared.has(key) || isSecretKey(key));
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, isSecret(key, value) ? HIDDEN : value]));
}

/** The same connectors, which take `[hidden]` in a changed config as "what it was". */
export function keepHiddenSecrets(connectors: Connectors): Connectors {
  const restored = (name: string, given: ConnectorConfig): ConnectorConfig => {
    if (!Object.values(given).includes(HIDDEN) || !connectors.names().includes(name)) return given;
    const before = connectors.config(name);
    return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value === HIDDEN ? (before[key] ?? value) : value]));
  };
  return new Proxy(connectors, {
    get(target, member) {
      if (member === 'put') return (name: string, config: ConnectorConfig) => target.put(name, restored(name, config));
      if (member === 'patch') return (name: string, changes: ConnectorConfig) => target.patch(name, restored(name, changes));
      const value: unknown = Reflect.get(target, member, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Hides the secrets of every connector's or task's config in an answer. */
export async function hideSecretsIn(answer: unknown, passwordKeys: PasswordKeys): Promise<unknown> {
  if (typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return Promise.all(answer.map((each) => hideSecretsIn(each, passwordKeys)));
  if ('connector.class' in answer || 'task.class' in answer) return hideSecrets(answer as RawConfig, passwordKeys);
  const members = await Promise.all(
    Object.entries(answer).map(async ([key, value]) => [key, await hideSecretsIn(value, passwordKeys)] as const),
  );
  return Object.fromEntries(members);
}

async function declaredSecrets(config: RawConfig, passwordKeys: PasswordKeys): Promise<ReadonlySet<string>> {
  const secrets = await Promise.all(
    Object.entries(config).map(async ([key, plugin]) => {
      const prefix = prefixOf(key);
      if (prefix === undefined || typeof plugin !== 'string') return [];
      // One that nobody knows declares nothing.
      const keys = await passwordKeys(plugin.trim()).catch(() => []);
      return keys.map((own) => prefix + own);
    }),
  );
  return new Set(secrets.flat());
}

/** Where the keys of a plugin stand, by the key that names it; `undefined`: it names none. */
function prefixOf(key: string): string | undefined {
  if (key === 'connector.class') return '';
  if (/^(key|value|header)\.converter$/.test(key)) return `${key}.`;
  return /^((?:transforms|predicates)\..+\.)type$/.exec(key)?.[1];
}
