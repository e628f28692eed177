import type { ChainLookup } from '../graph/chain-plugins.ts';
import type { AnyDefinition, PluginKind } from '../graph/graph.ts';
import { registryWith } from '../plugins/registry-with.ts';

export interface OwnPlugins {
  /** Plugins of your own that the config names, beside those of the package. */
  readonly plugins?: readonly AnyDefinition[];
}

/** Imports the plugins that a connector config may mean by these names, and finds them afterwards. */
export async function loadPlugins(
  names: ReadonlyArray<{ readonly kind: PluginKind; readonly name: string }>,
  { plugins }: OwnPlugins = {},
): Promise<ChainLookup> {
  const registry = registryWith(plugins);
  const { find } = await registry.load(names);
  return { find, kindsOf: (name) => registry.kindsOf(name), installed: (kind, name) => registry.installed(kind, name) };
}
