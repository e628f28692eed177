import type { JsonObject } from '../../src/converters/json/node.ts';
import { RestError } from '../../src/errors/rest-error.ts';
import type { PluginKind } from '../../src/graph/graph.ts';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import { validateConfig } from '../../src/plugins/validate-config.ts';
import type { ConfigValue } from '../../src/sdk/index.ts';
import { type Difference, deepDifference, errorDifference, type Vector } from './vector.ts';

export interface ValidateVector extends Vector {
  readonly plugin: string;
  readonly config: Readonly<Record<string, string>>;
}

const registry = new PluginRegistry();
const json = 'org.apache.kafka.connect.json.JsonConverter';
const recordedOn = { properties: { 'key.converter': json, 'value.converter': json }, mode: { mode: 'standalone' } } as const;
const validated: readonly PluginKind[] = ['operator', 'predicate', 'converter'];

const kindOf = (plugin: string): PluginKind | undefined => registry.kindsOf(plugin).find((kind) => validated.includes(kind));

/** Validates the config of a case, against the definition of its plugin or as that of a whole connector, and compares all that is said. */
export async function validateDifference({ plugin, config, expect }: ValidateVector): Promise<Difference> {
  const kind = kindOf(plugin);
  try {
    const got = kind === undefined ? await ofConnector(config) : await ofPlugin(kind, plugin, config);
    return deepDifference(got, expect);
  } catch (error) {
    if (expect.error === undefined) return `threw ${String(error)}`;
    const expected = expect.error as JsonObject;
    return error instanceof RestError ? refusalDifference(error, expected) : errorDifference(error, expected);
  }
}

async function ofPlugin(kind: PluginKind, plugin: string, config: ValidateVector['config']) {
  const definition = await registry.definition(kind, plugin);
  return { configs: definition.config.validate(config).map(row).sort(byName) };
}

async function ofConnector(config: ValidateVector['config']) {
  const { name, errorCount, groups, configs } = await validateConfig(config, registry, recordedOn);
  return { name, error_count: errorCount, groups, configs: configs.map(({ value }) => value && row(value)) };
}

/** What REST answers with 400 is this exception in Connect. Which connectors there are depends on what is installed. */
function refusalDifference({ status, message }: RestError, expected: JsonObject): Difference {
  const listed = /(?<=available connectors are: ).*/s;
  const refusal = (text: unknown) => ({
    class: 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException',
    message: String(text).replace(listed, ''),
  });
  return deepDifference({ status, ...refusal(message) }, { status: 400, ...refusal(expected.message), class: expected.class });
}

const row = ({ name, value, errors, recommendedValues, visible }: ConfigValue) => ({
  name,
  value,
  errors,
  recommended_values: recommendedValues,
  visible,
});

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
