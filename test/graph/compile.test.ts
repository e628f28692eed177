import { map, of, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { SluiceError } from '../../src/errors/error-table.ts';
import { graphErrors } from '../../src/errors/graph.ts';
import { named, pipeline } from '../../src/graph/builder.ts';
import { compile } from '../../src/graph/compile.ts';
import { type AnyDefinition, graphOf, pluginsOf } from '../../src/graph/graph.ts';
import { parseSpec } from '../../src/graph/parse-spec.ts';
import type { PipelineSettingsInput } from '../../src/graph/pipeline-spec.ts';
import type { PluginLookup } from '../../src/graph/plugin-lookup.ts';
import type { PluginEntry } from '../../src/plugins/plugin-entry.ts';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import {
  type BatchOperator,
  config,
  defineConverter,
  defineOperator,
  definePredicate,
  defineSink,
  defineSource,
  type Holds,
  int,
  mapRecord,
  string,
} from '../../src/sdk/index.ts';
import { testAcks } from '../../src/testing/acks.ts';

const same: BatchOperator = map((batch) => batch);
const summary = 'For tests.';
const lines = defineSource({ name: 'lines', summary, config: config({ file: string({ doc: 'File.' }) }), open: () => ({}) as never });
const print = defineSink({
  name: 'print',
  summary,
  config: config({ copies: int({ doc: 'Copies.', default: 1 }) }),
  open: () => ({ next: () => {} }),
});
const mask = defineOperator({
  name: 'mask',
  summary,
  config: config({ field: string({ doc: 'Field.' }), by: int({ doc: 'By.', default: 0 }) }),
  touches: ['value'],
  create: () => mapRecord((record) => record),
});
const holding = (name: string, holds: Holds) =>
  defineOperator({ name, summary, config: config({}), holds, create: () => mapRecord((record) => record) });
const roles: string[] = [];
const text = defineConverter({
  name: 'text',
  summary,
  config: config({ 'converter.type': string({ doc: 'Role.' }) }),
  create: (settings) => {
    roles.push(settings['converter.type']);
    return { fromConnect: () => null, toConnect: () => ({ schema: null, value: null }) };
  },
});
const always = definePredicate({
  name: 'always',
  summary,
  config: config({ p: int({ doc: 'P.', default: 0 }) }),
  create: () => () => true,
});

const upperCase = definePredicate({
  name: 'upper-case',
  summary,
  config: config({}),
  create: () => (text: string) => text === text.toUpperCase(),
});
const exclaim = defineOperator({ name: 'exclaim', summary, config: config({}), create: () => mapRecord((text: string) => `${text}!`) });

const entry = (definition: AnyDefinition): PluginEntry => ({
  kind: definition.kind,
  name: definition.name,
  aliases: [],
  load: async () => definition,
});
const registry = new PluginRegistry([lines, print, mask, text, always, upperCase, exclaim].map(entry));

const line = (nodes: readonly object[], settings: PipelineSettingsInput = {}) => ({ name: 'p', nodes, settings });
async function compiled(document: object) {
  const graph = graphOf(parseSpec(document));
  return compile(graph, await registry.load(pluginsOf(graph)));
}
const source = { kind: 'source', name: 'in', plugin: 'lines', config: { file: 'a' } };
const sink = { kind: 'sink', name: 'out', plugin: 'print' };
const operator = { kind: 'operator', name: 'op', plugin: 'mask', config: { field: 'x' } };

test('finds the plugins of a document and parses their configs', async () => {
  const graph = await compiled(line([source, operator, { ...sink, config: { copies: '3' } }]));
  expect(graph.source).toMatchObject({ name: 'in', config: { file: 'a' } });
  expect(graph.sink).toMatchObject({ name: 'out', config: { copies: 3 } });
  expect(graph.stages.map(({ name }) => name)).toEqual(['op']);
});

test('every task gets operators of its own, except for functions given in code', async () => {
  const { graph } = pipeline('p')
    .from(lines({ file: 'a' }))
    .pipe(mask({ field: 'x' }), named('f', same))
    .to(print());
  const [byPlugin, inline] = compile(graph, await registry.load([])).stages;
  expect(byPlugin?.create()).not.toBe(byPlugin?.create());
  expect(inline?.create()).toBe(same);
});

test('converters are told their role, and every task gets its own', async () => {
  const ref = { plugin: 'text' };
  const graph = await compiled(line([source, { kind: 'encode', name: 'encode', key: ref, value: ref, header: ref }, sink]));
  roles.length = 0;
  graph.stages[0]?.create();
  graph.stages[0]?.create();
  expect(roles).toEqual(['key', 'value', 'header', 'key', 'value', 'header']);
});

test('tells all problems at once, each with its node, path and remedy', async () => {
  const failing = compiled(
    line([
      { ...source, config: {} },
      { ...operator, plugin: 'maks' },
      { ...operator, name: 'op-2', config: { by: 'x' } },
      { ...sink, config: { copies: 'many' } },
    ]),
  );
  await expect(failing).rejects.toMatchObject({
    code: 'GRAPH_INVALID',
    facts: {
      problems: [
        { node: 'in', path: 'nodes.in.config.file', remedy: 'Run: sluice plugins lines' },
        {
          node: 'op',
          path: 'nodes.op.plugin',
          message: 'There is no operator named maks.',
          remedy: 'Near names: mask. Run: sluice plugins',
        },
        { node: 'op-2', path: 'nodes.op-2.config.field' },
        { node: 'op-2', path: 'nodes.op-2.config.by' },
        { node: 'out', path: 'nodes.out.config.copies' },
      ],
    },
  });
  await expect(failing).rejects.toThrow('Pipeline p has 5 problems:\n  in at nodes.in.config.file: Missing required configuration "file"');
});

test("a message of Connect's that is no sentence ends like one before its remedy", () => {
  const problem = { node: 'x', path: 'batch.size', message: 'Not a number of type INT', remedy: 'Run: sluice plugins x' };
  expect(graphErrors.INVALID({ pipeline: 'p', problems: [problem] }).message).toBe(
    'Pipeline p has a problem:\n  x at batch.size: Not a number of type INT. Run: sluice plugins x',
  );
});

test('a problem of a predicate has the path of the predicate', async () => {
  const failing = compiled(line([source, { ...operator, when: { plugin: 'always', config: { p: 'x' } } }, sink]));
  await expect(failing).rejects.toMatchObject({ facts: { problems: [{ node: 'op', path: 'nodes.op.when.config.p' }] } });
});

test('problems that are known already are told with those found', () => {
  const { graph } = pipeline('p')
    .from(lines({ file: 'a' }))
    .to({ plugin: 'x' });
  const known = { node: 'p', path: 'tasks.max', message: 'It is 0.', remedy: 'Raise it.' };
  const none: PluginLookup = { find: () => ({ error: new SluiceError('X', { message: () => 'No x.', remedy: 'Make one.' }, {}) }) };
  expect(() => compile(graph, none, { problems: [known] })).toThrow(
    'Pipeline p has 2 problems:\n  p at tasks.max: It is 0. Raise it.\n  x at nodes.x.plugin: No x. Make one.',
  );
});

test.each([
  [false, ['A!', 'b']],
  [true, ['A', 'b!']],
])('an operator with a predicate changes only records for which it holds; with negate %s these are others', async (negate, expected) => {
  const when = { plugin: 'upper-case', negate };
  const graph = await compiled(line([source, { kind: 'operator', name: 'op', plugin: 'exclaim', when }, sink]));
  const operator = graph.stages[0]?.create() as BatchOperator<string> | undefined;
  const batch = testAcks(new VirtualTimeScheduler()).batch(['A', 'b']);
  const seen: string[] = [];
  of(batch)
    .pipe(operator ?? map((same) => same))
    .subscribe(({ records }) => seen.push(...records));
  expect(seen).toEqual(expected);
});

describe('a graph that is not a line is refused:', () => {
  test.each([
    ['no sink', [source, operator], [['p', 'nodes', 'It has 0 sinks.']]],
    [
      'two sources',
      [source, { ...source, name: 'in2' }, sink],
      [
        ['p', 'nodes', 'It has 2 sources.'],
        ['in2', 'nodes.in2', 'A source stands behind another node.'],
      ],
    ],
    [
      'an operator before the source',
      [operator, source, sink],
      [
        ['op', 'nodes.op', 'Nothing feeds the first node.'],
        ['in', 'nodes.in', 'A source stands behind another node.'],
      ],
    ],
    ['a sink in the middle', [source, sink, operator], [['out', 'nodes.out', 'A sink stands before another node.']]],
    [
      'two nodes of one name',
      [source, { ...operator, name: 'out' }, sink],
      [['out', 'nodes[2].name', 'Node 3 has the name of an earlier node.']],
    ],
    ['a branch', [source, operator, { ...sink, from: ['in', 'op'] }], [['out', 'nodes.out.from', 'It is fed by in, op: a branch.']]],
    [
      'a node fed by one that does not exist',
      [source, { ...sink, from: 'nope' }],
      [['out', 'nodes.out.from', 'There is no node named nope.']],
    ],
  ])('%s', async (_title, nodes, problems) => {
    await expect(compiled(line(nodes))).rejects.toMatchObject({
      facts: { problems: problems.map(([node, path, message]) => ({ node, path, message })) },
    });
  });

  test('from that names the node before is no branch', async () => {
    expect((await compiled(line([source, { ...sink, from: 'in' }]))).sink.name).toBe('out');
  });
});

describe('what a node holds is compared with the limits:', () => {
  const settings = { span: 100, window: { records: 50 }, watchdogMs: 1_000 };
  const problemsOf = (holds: Holds, changed: PipelineSettingsInput = {}): readonly string[] => {
    const { graph } = pipeline('p', { ...settings, ...changed })
      .from(lines({ file: 'a' }))
      .pipe(holding('h', holds)())
      .to(print());
    try {
      compile(graph, { find: () => ({ error: new Error('unused') as never }) });
      return [];
    } catch (error) {
      return (error as { facts: { problems: readonly { message: string }[] } }).facts.problems.map(({ message }) => message);
    }
  };

  test.each([
    ['as much as the limits allow', { records: 50, forMs: 999 }, []],
    ['more than the window', { records: 51 }, ['It holds 51 records before it lets go, but window.records is 50.']],
    ['more than the window, released', { records: 100, releases: true }, []],
    ['more than the span, released', { records: 101, releases: true }, ['It holds 101 records before it lets go, but span is 100.']],
    ['as long as the watchdog waits', { forMs: 1_000 }, ['It holds records for 1000 ms before it lets go, but watchdogMs is 1000.']],
  ])('%s', (_title, holds, problems) => {
    expect(problemsOf(holds)).toEqual(problems);
  });

  test('for ever, without a watchdog', () => {
    expect(problemsOf({ forMs: 1e9 }, { watchdogMs: null })).toEqual([]);
  });
});

describe('touches', () => {
  test('is what operators declare', async () => {
    expect([...(await compiled(line([source, operator, sink]))).touches]).toEqual(['value']);
    expect([...(await compiled(line([source, sink]))).touches]).toEqual([]);
  });

  test('is everything where one does not declare, or has a predicate', async () => {
    const { graph } = pipeline('p')
      .from(lines({ file: 'a' }))
      .pipe(same)
      .to(print());
    expect(compile(graph, await registry.load([])).touches.size).toBe(6);
    expect((await compiled(line([source, { ...operator, when: { plugin: 'always' } }, sink]))).touches.size).toBe(6);
  });
});
