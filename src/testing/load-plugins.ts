import type { ChainLookup } from '../graph/chain-plugins.ts';
import type { PluginKind } from '../graph/graph.ts';
import { PluginRegistry } from '../plugins/registry.ts';

const builtins = new PluginRegistry();

/** Imports the plugins that a connector config may mean by these names, and finds them afterwards. */
export async function loadPlugins(
  names: ReadonlyArray<{ readonly kind: PluginKind; readonly name: string }>,
  registry: PluginRegistry = builtins,
): Promise<ChainLookup> {
  const { find } = await registry.load(names);
  return { find, kindsOf: (name) => registry.kindsOf(name), installed: (kind, name) => registry.installed(kind, name) };
}
