import type { RawConfig } from '../sdk/config.ts';
import { type ChainEntry, chainConfig, type TransformEntry } from './chain-config.ts';
import { ChainError } from './chain-error.ts';
import type { DefinitionOf } from './graph.ts';
import type { PluginLookup, PluginNames } from './plugin-lookup.ts';
import { unmetVersion } from './plugin-version.ts';

/** How plugins of a chain are found: definitions by name, and what is known of a name. */
export type ChainLookup = PluginLookup & PluginNames;

/** A transform that a connector config names, found. */
export type TransformPlugin = TransformEntry & { readonly definition: DefinitionOf['operator'] };
/** A predicate, found. */
export type PredicatePlugin = ChainEntry & { readonly definition: DefinitionOf['predicate'] };

const words = { operator: 'Transformation', predicate: 'Predicate' } as const;
const interfaces = {
  operator: 'org.apache.kafka.connect.transforms.Transformation',
  predicate: 'org.apache.kafka.connect.transforms.predicates.Predicate',
} as const;

/** Finds the transforms and predicates of a connector config by their aliases; throws what Connect says of a class it cannot use. */
export function chainPlugins(
  raw: RawConfig,
  lookup: ChainLookup,
): { readonly transforms: readonly TransformPlugin[]; readonly predicates: readonly PredicatePlugin[] } {
  const { transforms, predicates, problems } = chainConfig(raw);
  const [problem] = problems;
  if (problem !== undefined) throw new ChainError(problem.at, problem.message);
  return {
    transforms: transforms.map((transform) => ({ ...transform, definition: definitionOf('operator', transform, lookup) })),
    predicates: predicates.map((predicate) => ({ ...predicate, definition: definitionOf('predicate', predicate, lookup) })),
  };
}

function definitionOf<K extends 'operator' | 'predicate'>(
  kind: K,
  { path, type: name, own }: ChainEntry,
  lookup: ChainLookup,
): DefinitionOf[K] {
  if (name === undefined) throw refused(`Invalid value null for configuration ${path}.type: Not a ${words[kind]}`);
  if (name !== name.trim())
    throw refused(`Invalid value ${name} for configuration ${path}.type: Error getting config definition from ${words[kind]}: ${name}`);
  const answer = lookup.find(kind, name);
  if ('definition' in answer) {
    const plugin = lookup.installed(kind, name);
    const unmet = plugin && unmetVersion(plugin, own['plugin.version']);
    if (unmet !== undefined) throw refused(unmet);
    return answer.definition;
  }
  const nested = ['Key', 'Value'].map((side) => `${name}$${side}`).filter((candidate) => lookup.kindsOf(candidate).includes(kind));
  if (nested.length > 0) throw refused(`This class is abstract and cannot be created. Did you mean ${nested.join(', ')}?`);
  if (name === interfaces[kind]) throw refused('This class is abstract and cannot be created.');
  if (Object.values<string>(interfaces).includes(name))
    throw refused(`Class interface ${name} does not implement the ${words[kind]} interface`);
  // What the Java runtime brings exists everywhere, and is never a plugin.
  if (lookup.kindsOf(name).length > 0 || name.startsWith('java.')) {
    throw refused(`Class class ${name} does not implement the ${words[kind]} interface`);
  }
  throw refused(`Invalid value ${name} for configuration ${path}.type: Class ${name} could not be found.`);
}

const refused = (message: string): ChainError => new ChainError('validate', message);
