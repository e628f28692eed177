import type { SluiceError } from '../errors/error-table.ts';
import type { DefinitionOf, PluginKind } from './graph.ts';
import type { InstalledPlugin } from './plugin-version.ts';

/** What a name stands for: a definition, or an error that says why there is none. */
export type Found<K extends PluginKind> = { readonly definition: DefinitionOf[K] } | { readonly error: SluiceError };

/** What is known of plugins before they are imported. */
export interface PluginNames {
  /** Kinds of plugin that a name stands for. */
  kindsOf(name: string): readonly PluginKind[];
  /** `undefined`: there is none of that kind and name, or more than one. */
  installed(kind: PluginKind, name: string): InstalledPlugin | undefined;
}

/** How the compiler finds plugins that a graph names. */
export interface PluginLookup {
  find<K extends PluginKind>(kind: K, name: string): Found<K>;
}
