import { describe, expect, test } from 'vitest';
import { builtins } from '../../src/plugins/builtins.ts';
import type { OperatorDefinition, RawConfig } from '../../src/sdk/index.ts';
import { operatorContract, record } from '../../src/testing/index.ts';

/** A config for each built-in operator under which the records below pass. */
const configs: Readonly<Record<string, RawConfig>> = {
  cast: { spec: ['a:string'] },
  'drop-headers': { headers: ['h'] },
  'extract-field': { field: 'a' },
  filter: {},
  flatten: {},
  'header-from': { fields: ['a'], headers: ['h'], operation: 'move' },
  'hoist-field': { field: 'w' },
  'insert-field': { 'topic.field': 't' },
  'insert-header': { header: 'h', 'value.literal': '1' },
  'mask-field': { fields: ['a'] },
  'regex-router': { regex: '(.*)', replacement: '$1-x' },
  'replace-field': { exclude: ['b'] },
  'set-schema-metadata': { 'schema.name': 'N' },
  'timestamp-converter': { field: 'a', 'target.type': 'Timestamp' },
  'timestamp-router': {},
  'value-to-key': { fields: ['a'] },
};

const members = (a: number) => ({ a, b: { c: a } });
const records = [1, 2, 3, 4].map((a) => record(members(a), { key: members(a), timestamp: a }));
const nulls = [1, 2, 3, 4].map((a) => record(null, { timestamp: a }));

const operators = builtins.filter(({ kind }) => kind === 'operator');
const baseName = (name: string): string => name.replace(/(?<!to)-key$/, '');

test('every built-in operator has a config here', () => {
  expect(new Set(operators.map(({ name }) => baseName(name)))).toEqual(new Set(Object.keys(configs)));
});

describe.each(operators.map((entry) => [entry.name, entry] as const))('%s', async (name, entry) => {
  const definition = (await entry.load()) as OperatorDefinition;
  const subject = { config: configs[baseName(name)] ?? {}, records: name.startsWith('set-schema') ? nulls : records };
  for (const { name: title, run } of operatorContract(definition, subject)) test(title, run);
});
