import type { RawConfig } from '../sdk/config.ts';
import { config } from '../sdk/config-definition.ts';
import { list } from '../sdk/config-kinds.ts';
import { ChainError } from './chain-error.ts';
import type { DefinitionOf, PluginKind } from './graph.ts';
import type { PluginLookup } from './plugin-lookup.ts';
import { withPrefix } from './with-prefix.ts';

/** How plugins of a chain are found: definitions by name, and the kinds of plugin that a name stands for. */
export interface ChainLookup extends PluginLookup {
  kindsOf(name: string): readonly PluginKind[];
}

/** A plugin that a connector config names, found. */
export interface ChainPlugin<K extends 'operator' | 'predicate'> {
  readonly definition: DefinitionOf[K];
  /** Where it was named: `transforms.mask`. */
  readonly path: string;
  /** Its keys, without the path. */
  readonly own: RawConfig;
}

const aliases = config({
  transforms: list({ default: [], doc: 'Names of the transforms, in their order.' }),
  predicates: list({ default: [], doc: 'Names of the predicates that transforms refer to.' }),
});

const words = { operator: 'Transformation', predicate: 'Predicate' } as const;
const interfaces = ['org.apache.kafka.connect.transforms.Transformation', 'org.apache.kafka.connect.transforms.predicates.Predicate'];

/** Finds the transforms and predicates of a connector config by their aliases; throws what Connect says of a class it cannot use. */
export function chainPlugins(
  raw: RawConfig,
  lookup: ChainLookup,
): { readonly transforms: readonly ChainPlugin<'operator'>[]; readonly predicates: readonly ChainPlugin<'predicate'>[] } {
  const parsed = aliases.parse(raw);
  if (parsed.value === undefined) throw new ChainError('validate', parsed.problems[0]?.message ?? '');
  for (const key of ['transforms', 'predicates'] as const) {
    const listed = parsed.value[key];
    if (new Set(listed).size === listed.length) continue;
    throw new ChainError('validate', `Invalid value [${listed.join(', ')}] for configuration ${key}: Duplicate alias provided.`);
  }
  return {
    transforms: parsed.value.transforms.map((alias) => found('operator', `transforms.${alias}`, raw, lookup)),
    predicates: parsed.value.predicates.map((alias) => found('predicate', `predicates.${alias}`, raw, lookup)),
  };
}

function found<K extends 'operator' | 'predicate'>(kind: K, path: string, raw: RawConfig, lookup: ChainLookup): ChainPlugin<K> {
  const own = withPrefix(raw, `${path}.`);
  const { type } = own;
  if (type === undefined || type === null) throw refused(`Invalid value null for configuration ${path}.type: Not a ${words[kind]}`);
  const name = String(type).trim();
  const answer = lookup.find(kind, name);
  if ('definition' in answer) return { definition: answer.definition, path, own };
  const nested = ['Key', 'Value'].map((side) => `${name}$${side}`).filter((candidate) => lookup.kindsOf(candidate).includes(kind));
  if (nested.length > 0) throw refused(`This class is abstract and cannot be created. Did you mean ${nested.join(', ')}?`);
  if (interfaces.includes(name)) throw refused('This class is abstract and cannot be created.');
  // What the Java runtime brings exists everywhere, and is never a plugin.
  if (lookup.kindsOf(name).length > 0 || name.startsWith('java.')) {
    throw refused(`Class class ${name} does not implement the ${words[kind]} interface`);
  }
  throw refused(`Invalid value ${name} for configuration ${path}.type: Class ${name} could not be found.`);
}

const refused = (message: string): ChainError => new ChainError('validate', message);
