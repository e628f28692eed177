import { isOpenText, isSecretKey } from '../config/secret-keys.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorConfig, Connectors } from '../worker/connectors.ts';

const HIDDEN = '[hidden]';

/** A config whose secrets read `[hidden]`: what its plugins declare as passwords, and what is named like one. */
async function hideSecrets(config: RawConfig, plugins: PluginRegistry): Promise<RawConfig> {
  const declared = await declaredSecrets(config, plugins);
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
export async function hideSecretsIn(answer: unknown, plugins: PluginRegistry): Promise<unknown> {
  if (typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return Promise.all(answer.map((each) => hideSecretsIn(each, plugins)));
  if ('connector.class' in answer || 'task.class' in answer) return hideSecrets(answer as RawConfig, plugins);
  const members = await Promise.all(
    Object.entries(answer).map(async ([key, value]) => [key, await hideSecretsIn(value, plugins)] as const),
  );
  return Object.fromEntries(members);
}

async function declaredSecrets(config: RawConfig, plugins: PluginRegistry): Promise<ReadonlySet<string>> {
  const [{ fromConnect }, { graphOf, pluginsOf }] = await Promise.all([import('../graph/from-connect.ts'), import('../graph/graph.ts')]);
  const { spec, path } = fromConnect(config, { kindsOf: (name) => plugins.kindsOf(name) });
  const graph = graphOf(spec);
  const secrets = new Set<string>();
  for (const { kind, name } of pluginsOf(graph)) {
    const definition = await plugins.definition(kind, name).catch(() => undefined);
    for (const key of definition?.config.keys ?? []) {
      if (key.type !== 'PASSWORD') continue;
      for (const node of spec.nodes) if (usesPlugin(node, name)) secrets.add(path(node.name, 'config', key.name));
    }
  }
  return secrets;
}

const usesPlugin = (node: object, name: string): boolean => 'plugin' in node && node.plugin === name;
