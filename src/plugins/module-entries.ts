import { pathToFileURL } from 'node:url';
import { pluginErrors } from '../errors/plugins.ts';
import type { DefinitionOf, PluginKind } from '../graph/graph.ts';
import type { PluginEntry } from './plugin-entry.ts';

const kinds: ReadonlySet<unknown> = new Set<PluginKind>(['source', 'sink', 'operator', 'predicate', 'converter']);

/**
 * The plugins that modules export: URLs, absolute paths or names of packages.
 *
 * Imports them. One that cannot be imported is reported, and does not keep the others away.
 */
export async function moduleEntries(modules: readonly string[], failed: (error: unknown) => void): Promise<readonly PluginEntry[]> {
  const found = await Promise.all(
    modules.map(async (module) => {
      try {
        const exported: Readonly<Record<string, unknown>> = await import(specifierOf(module));
        return Object.values(exported)
          .filter(isDefinition)
          .map((definition) => entryOf(module, definition));
      } catch (error) {
        failed(pluginErrors.NO_MODULE({ module, why: error instanceof Error ? error.message : String(error) }, error));
        return [];
      }
    }),
  );
  return found.flat();
}

const specifierOf = (module: string): string => (module.startsWith('/') ? pathToFileURL(module).href : module);

type Definition = DefinitionOf[PluginKind];

/** Operators, sources and sinks are functions with the members of a definition. */
const isDefinition = (value: unknown): value is Definition =>
  (typeof value === 'function' || (typeof value === 'object' && value !== null)) &&
  'kind' in value &&
  kinds.has(value.kind) &&
  'name' in value &&
  'config' in value;

const entryOf = (module: string, definition: Definition): PluginEntry => ({
  kind: definition.kind,
  name: definition.name,
  aliases: definition.aliases ?? [],
  module,
  ...(definition.version === undefined ? {} : { version: definition.version }),
  ...('roles' in definition && definition.roles !== undefined ? { roles: definition.roles } : {}),
  load: async () => definition,
});
