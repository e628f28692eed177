import { map } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { PluginKind } from '../../src/graph/graph.ts';
import type { PluginEntry } from '../../src/plugins/plugin-entry.ts';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import { type BatchOperator, config, defineOperator } from '../../src/sdk/index.ts';

let loads = 0;
const same: BatchOperator = map((batch) => batch);
const operator = defineOperator({ name: 'mask-field', summary: 'Masks.', config: config({}), create: () => same });
const entry = (kind: PluginKind, name: string, ...aliases: readonly string[]): PluginEntry => ({
  kind,
  name,
  aliases,
  load: async () => {
    loads++;
    return operator;
  },
});
const registry = new PluginRegistry([
  entry('operator', 'mask-field', 'org.acme.MaskField$Value', 'org.acme.MaskTransformation'),
  entry('source', 'file-source', 'org.acme.FileStreamSourceConnector'),
  entry('sink', 'file-sink', 'org.acme.FileStreamSinkConnector'),
  entry('converter', 'string', 'org.acme.StringConverter'),
  entry('converter', 'simple-header', 'org.acme.SimpleHeaderConverter'),
  entry('predicate', 'one', 'org.acme.IsThis'),
  entry('predicate', 'two', 'org.other.IsThis'),
  { kind: 'operator', name: 'broken', aliases: [], load: () => Promise.reject(new Error('no such file')) },
]);

describe('a plugin is found by', () => {
  test.each([
    ['its own name', 'operator', 'mask-field', 'mask-field'],
    ['its Java class name', 'operator', 'org.acme.MaskField$Value', 'mask-field'],
    ['the simple name of its class', 'source', 'FileStreamSourceConnector', 'file-source'],
    ['the simple name without the suffix of its kind', 'source', 'FileStreamSource', 'file-source'],
    ['the simple name of a converter', 'converter', 'String', 'string'],
    ['the simple name of a header converter', 'converter', 'Simple', 'simple-header'],
    ['the simple name of a transformation', 'operator', 'Mask', 'mask-field'],
  ] as const)('%s', (_title, kind, name, found) => {
    expect(registry.entry(kind, name).name).toBe(found);
  });
});

test('a nested class has no alias, as in Connect', () => {
  expect(() => registry.entry('operator', 'MaskField$Value')).toThrow('There is no operator named MaskField$Value.');
});

test('an alias that two plugins share means neither, and the error names both', () => {
  expect(() => registry.entry('predicate', 'IsThis')).toThrow('More than one predicate is called IsThis. Use one of: one, two.');
  expect(registry.entry('predicate', 'org.other.IsThis').name).toBe('two');
});

test('an unknown name is answered with near ones and what to run', () => {
  expect(() => registry.entry('operator', 'mask-feild')).toThrow(
    'There is no operator named mask-feild. Near names: mask-field. Run: sluice plugins',
  );
  expect(() => registry.entry('source', 'completely-different')).toThrow(
    'There is no source named completely-different. Run: sluice plugins',
  );
});

test('a name tells its kinds', () => {
  expect(registry.kindsOf('FileStreamSink')).toEqual(['sink']);
  expect(registry.kindsOf('nothing')).toEqual([]);
});

test('a definition is imported once, when it is first asked for', async () => {
  const before = loads;
  const [a, b] = await Promise.all([registry.definition('operator', 'mask-field'), registry.definition('operator', 'Mask')]);
  expect(a).toBe(b);
  expect(loads - before).toBe(1);
});

test('the lookup answers what could not be found or imported, instead of failing as a whole', async () => {
  const lookup = await registry.load([
    { kind: 'operator', name: 'mask-field' },
    { kind: 'operator', name: 'broken' },
    { kind: 'sink', name: 'nope' },
  ]);
  expect(lookup.find('operator', 'mask-field')).toEqual({ definition: operator });
  expect(lookup.find('operator', 'broken')).toMatchObject({ error: { code: 'PLUGINS_BROKEN' } });
  expect(lookup.find('sink', 'nope')).toMatchObject({ error: { code: 'PLUGINS_UNKNOWN' } });
});
