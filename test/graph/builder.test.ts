import { map, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { named, pipeline } from '../../src/graph/builder.ts';
import { pipelineSpec } from '../../src/graph/pipeline-spec.ts';
import { type BatchOperator, config, defineOperator, defineSink, defineSource, string } from '../../src/sdk/index.ts';

const same: BatchOperator = map((batch) => batch);
const inline: BatchOperator = map((batch) => batch);
const lines = defineSource({ name: 'lines', summary: 'Lines.', config: config({ file: string({ doc: 'File.' }) }), open: () => of() });
const print = defineSink({ name: 'print', summary: 'Prints.', config: config({}), open: () => ({ next: () => {} }) });
const mask = defineOperator({
  name: 'mask',
  summary: 'Masks.',
  config: config({ field: string({ doc: 'Field.' }) }),
  create: () => same,
});

test('a pipeline is its nodes in order, each named after its plugin', () => {
  const { graph } = pipeline('p')
    .from(lines({ file: 'a' }))
    .pipe(mask({ field: 'x' }), inline, mask({ field: 'y' }))
    .to(print());
  expect(graph.nodes.map(({ kind, name }) => [kind, name])).toEqual([
    ['source', 'lines'],
    ['operator', 'mask'],
    ['inline', 'operator-2'],
    ['operator', 'mask-2'],
    ['sink', 'print'],
  ]);
});

test('a prefix can be shared, since every step makes a new pipeline', () => {
  const prefix = pipeline('p').from(lines({ file: 'a' }));
  const one = prefix.pipe(mask({ field: 'x' })).to(print());
  const two = prefix.to(print());
  expect(one.graph.nodes).toHaveLength(3);
  expect(two.graph.nodes).toHaveLength(2);
});

test('a stage can be given a name, and plugins be given by name', () => {
  const { graph } = pipeline('p')
    .from({ plugin: 'org.acme.Lines' })
    .pipe(named('upper', inline), named('ssn', mask({ field: 'ssn' })), { plugin: 'hoist', config: { field: 'line' } })
    .to({ plugin: 'print' });
  expect(graph.nodes.map(({ name }) => name)).toEqual(['Lines', 'upper', 'ssn', 'hoist', 'print']);
});

test('settings are completed with their defaults', () => {
  const { graph } = pipeline('p', { errors: { tolerance: 'all' } })
    .from(lines({ file: 'a' }))
    .to(print());
  expect(graph.settings.errors).toEqual({ tolerance: 'all', retryTimeoutMs: 0, retryMaxDelayMs: 60_000, log: false, logRecords: false });
});

describe('toSpec', () => {
  test('is the JSON document of the same graph', () => {
    const spec = pipeline('p')
      .from(lines({ file: 'a' }))
      .pipe(mask({ field: 'ssn' }))
      .to(print())
      .toSpec();
    expect(spec.nodes).toEqual([
      { kind: 'source', name: 'lines', plugin: 'lines', config: { file: 'a' } },
      { kind: 'operator', name: 'mask', plugin: 'mask', config: { field: 'ssn' } },
      { kind: 'sink', name: 'print', plugin: 'print', config: {} },
    ]);
    expect(pipelineSpec.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  test('names every function, and says what to do', () => {
    const withFunctions = pipeline('p')
      .from(lines({ file: 'a' }))
      .pipe(named('upper', inline), inline)
      .to(print());
    expect(() => withFunctions.toSpec()).toThrow(
      'Pipeline p cannot be written as JSON: upper is a function; operator-2 is a function. ' +
        'Make each a plugin with defineOperator (defineSource, defineSink), give it a JSON config and use it by name; or run the pipeline from code.',
    );
  });

  test('names a config value that JSON cannot say', () => {
    const withDate = pipeline('p')
      .from({ plugin: 'lines', config: { since: new Date(0) } })
      .to(print());
    expect(() => withDate.toSpec()).toThrow('lines has a Date at config.since');
  });
});
