import type { JsonObject } from '../../src/converters/json/node.ts';
import type { PluginKind } from '../../src/graph/graph.ts';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import type { ConfigValue } from '../../src/sdk/index.ts';
import { type Difference, deepDifference, errorDifference, type Vector } from './vector.ts';

export interface ValidateVector extends Vector {
  readonly plugin: string;
  readonly config: Readonly<Record<string, string>>;
}

const registry = new PluginRegistry();
const validated: readonly PluginKind[] = ['operator', 'predicate', 'converter'];

/** Whether a case validates the definition of one plugin, rather than a whole connector config. */
export const isPluginCase = ({ plugin }: ValidateVector): boolean => kindOf(plugin) !== undefined;

const kindOf = (plugin: string): PluginKind | undefined => registry.kindsOf(plugin).find((kind) => validated.includes(kind));

/** Validates the config of a case against the definition of its plugin and compares every key. */
export async function validateDifference({ plugin, config, expect }: ValidateVector): Promise<Difference> {
  const definition = await registry.definition(kindOf(plugin) as PluginKind, plugin);
  try {
    const values = definition.config.validate(config);
    return deepDifference({ configs: values.map(row).sort(byName) }, expect);
  } catch (error) {
    return expect.error === undefined ? `threw ${String(error)}` : errorDifference(error, expect.error as JsonObject);
  }
}

const row = ({ name, value, errors, recommendedValues, visible }: ConfigValue) => ({
  name,
  value,
  errors,
  recommended_values: recommendedValues,
  visible,
});

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
