import type { SluiceError } from '../errors/error-table.ts';
import type { DefinitionOf, PluginKind } from './graph.ts';

/** What a name stands for: a definition, or an error that says why there is none. */
export type Found<K extends PluginKind> = { readonly definition: DefinitionOf[K] } | { readonly error: SluiceError };

/** How the compiler finds plugins that a graph names. */
export interface PluginLookup {
  find<K extends PluginKind>(kind: K, name: string): Found<K>;
}
