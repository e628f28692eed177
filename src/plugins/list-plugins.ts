import type { PluginKind } from '../graph/graph.ts';
import { isListed } from './catalog.ts';
import type { ListedPlugin } from './host/questions.ts';
import type { PluginEntry } from './plugin-entry.ts';
import { classNameOf, versionOf } from './plugin-entry.ts';
import type { PluginRegistry } from './registry.ts';

const types = {
  sink: 'sink',
  source: 'source',
  operator: 'transformation',
  predicate: 'predicate',
  converter: 'converter',
} as const satisfies Record<PluginKind, ListedPlugin['type']>;

const order: readonly ListedPlugin['type'][] = ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'];

/** What a connector config may name, as Connect lists it: by type, then by class. */
export function listPlugins({ entries }: PluginRegistry): readonly ListedPlugin[] {
  return entries
    .filter(isListed)
    .flatMap(listed)
    .toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type) || (a.class < b.class ? -1 : 1));
}

function listed(entry: PluginEntry): readonly ListedPlugin[] {
  const { roles = ['key', 'value', 'header'] } = entry;
  const of = (type: ListedPlugin['type']): ListedPlugin => ({ class: classNameOf(entry), type, version: versionOf(entry) });
  if (entry.kind !== 'converter') return [of(types[entry.kind])];
  return [...(roles.includes('value') ? [of('converter')] : []), ...(roles.includes('header') ? [of('header_converter')] : [])];
}
