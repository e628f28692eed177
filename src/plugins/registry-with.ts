import type { AnyDefinition } from '../graph/graph.ts';
import { builtins } from './builtins.ts';
import { entryOf, type PluginEntry } from './plugin-entry.ts';
import { PluginRegistry } from './registry.ts';

const ownRegistry = new PluginRegistry();

/** The plugins of the package, and these that somebody brings. */
export const registryWith = (definitions: readonly AnyDefinition[] = []): PluginRegistry =>
  definitions.length === 0 ? ownRegistry : new PluginRegistry([...builtins, ...definitions.map(brought)]);

const brought = (definition: AnyDefinition): PluginEntry => entryOf('plugins', definition);
