import { EMPTY } from 'rxjs';
import { expect, test } from 'vitest';
import {
  type BatchOperator,
  config,
  configuredOf,
  defineOperator,
  definePredicate,
  defineSource,
  list,
  mapRecord,
} from '../../src/sdk/index.ts';

const fields = config({ fields: list({ doc: 'Fields.' }) });
const toy = defineOperator({
  name: 'toy',
  aliases: ['org.acme.Toy'],
  summary: 'A toy.',
  config: fields,
  create: () => (batches) => batches,
});

test('a definition keeps its members and can be called', () => {
  expect({ ...toy }).toMatchObject({ kind: 'operator', name: 'toy', aliases: ['org.acme.Toy'], summary: 'A toy.' });
  expect(typeof toy({ fields: ['a'] })).toBe('function');
});

test('what a call makes remembers its definition and config', () => {
  const stage = toy({ fields: ['a'] });
  expect(configuredOf(stage)).toEqual({ definition: toy, config: { fields: ['a'] } });
  expect(configuredOf(() => EMPTY)).toBeUndefined();
});

test('a wrong config is refused with plugin, key, reason and remedy', () => {
  expect(() => toy({ fields: 5 as never })).toThrow(
    'Config of toy is invalid\n  at fields: Invalid value 5 for configuration fields: Expected a comma separated list.\nRun: sluice plugins toy',
  );
});

test('a source is paired with its config, which is checked at once', () => {
  const source = defineSource({ name: 'silent', summary: 'Silent.', config: fields, open: () => EMPTY });
  expect(source({ fields: [] }).config).toEqual({ fields: [] });
  expect(() => source({} as never)).toThrow('at fields: Missing required configuration "fields" which has no default value.');
});

test('calls are told apart although create answers one function, which stays free for inline use', () => {
  const shared: BatchOperator = (batches) => batches;
  const one = defineOperator({ name: 'one', summary: 'One.', config: fields, create: () => shared });
  const [a, b] = [one({ fields: ['a'] }), one({ fields: ['b'] })];
  expect([configuredOf(a)?.config, configuredOf(b)?.config]).toEqual([{ fields: ['a'] }, { fields: ['b'] }]);
  expect(configuredOf(shared)).toBeUndefined();
  const always = () => true;
  const test = definePredicate({ name: 'always', summary: 'Always.', config: fields, create: () => always });
  expect(configuredOf(test({ fields: ['a'] }))?.config).toEqual({ fields: ['a'] });
  expect(configuredOf(always)).toBeUndefined();
});

test('an operator made by a call is still a lifted function, so that a condition keeps the order of all records', () => {
  const lifted = defineOperator({ name: 'lifted', summary: 'Lifted.', config: fields, create: () => mapRecord((record) => record) });
  expect(lifted({ fields: [] })).toHaveProperty('step.kind', 'map');
});
