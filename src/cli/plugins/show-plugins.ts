import { nearNames } from '../../config/near-names.ts';
import { pluginErrors } from '../../errors/plugins.ts';
import type { PluginKind } from '../../graph/graph.ts';
import { namesOf } from '../../plugins/plugin-entry.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import { registryWith } from '../../plugins/registry-with.ts';
import type { ConfigKey } from '../../sdk/config.ts';
import { pluginsOnPath } from './plugins-on-path.ts';

/** One row of `sluice plugins`. */
export interface PluginRow {
  readonly kind: PluginKind | 'not loaded';
  readonly name: string;
  readonly summary: string;
}

/** Everything `sluice plugins NAME` tells of one. */
export interface PluginPage extends PluginRow {
  readonly aliases: readonly string[];
  readonly config: readonly ConfigKey[];
}

/** The built-in plugins and those of a plugin path; what could not be loaded is a row that says why. */
export async function withPath(paths: string): Promise<{ readonly registry: PluginRegistry; readonly failed: readonly PluginRow[] }> {
  const { plugins, failed } = await pluginsOnPath(paths);
  return { registry: registryWith(plugins), failed: failed.map(({ path, why }) => ({ kind: 'not loaded', name: path, summary: why })) };
}

/** Every plugin there is, by kind and name. */
export async function listPlugins(registry: PluginRegistry): Promise<readonly PluginRow[]> {
  const rows = registry.entries.map(async ({ kind, name }) => ({ kind, name, summary: (await registry.definition(kind, name)).summary }));
  return (await Promise.all(rows)).sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
}

/** What any of its names stands for: usually one plugin; a class name may be a source and a sink. */
export async function pluginsNamed(registry: PluginRegistry, name: string): Promise<readonly PluginPage[]> {
  const kinds = registry.kindsOf(name);
  if (kinds.length === 0) throw pluginErrors.UNKNOWN({ kind: 'plugin', name, near: nearNames(name, registry.entries.flatMap(namesOf)) });
  const definitions = await Promise.all(kinds.map((kind) => registry.definition(kind, name)));
  return definitions.map(({ kind, name, aliases = [], summary, config }) => ({ kind, name, aliases, summary, config: config.keys }));
}

/** A page for people: what it does, its other names, and each configuration key. */
export function pluginPage({ kind, name, aliases, summary, config }: PluginPage): string {
  const also = aliases.map((alias) => `  ${alias}\n`).join('');
  const keys = config.length > 0 ? `Configuration:\n${config.map(keyLines).join('')}` : 'No configuration.\n';
  return `${name} (${kind})\n\n${summary}\n\n${also && `Also called:\n${also}\n`}${keys}`;
}

const keyLines = ({ name, type, defaultValue, importance, doc }: ConfigKey): string =>
  `  ${name}  ${type}, ${defaultValue === undefined ? 'required' : `default ${JSON.stringify(defaultValue)}`}, importance ${importance}\n${doc && `      ${doc}\n`}`;
