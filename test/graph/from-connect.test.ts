import { describe, expect, test } from 'vitest';
import { fromConnect } from '../../src/graph/from-connect.ts';
import { pipelineSpec } from '../../src/graph/pipeline-spec.ts';
import type { RawConfig } from '../../src/sdk/index.ts';

const worker = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
};
const kinds: Readonly<Record<string, readonly ('source' | 'sink')[]>> = {
  FileStreamSource: ['source'],
  FileStreamSink: ['sink'],
  file: ['source', 'sink'],
};
const installed = (_kind: string, name: string) => (name === 'MaskField' ? { className: 'mask.Field', version: '1.2' } : undefined);
const convert = (raw: RawConfig, properties: RawConfig = worker) =>
  fromConnect(raw, { worker: properties, plugins: { kindsOf: (name) => kinds[name] ?? [], installed } });

const source = { name: 'crm', 'connector.class': 'FileStreamSource', file: 'crm.txt', topic: 'crm' };
const sink = { name: 'out', 'connector.class': 'FileStreamSink', file: 'out.txt', topics: 'crm' };

test('a source connector is source, transforms, encode, topic', () => {
  const { spec, problems } = convert({
    ...source,
    transforms: 'mask',
    'transforms.mask.type': 'MaskField',
    'transforms.mask.fields': 'ssn',
  });
  expect(problems).toEqual([]);
  expect(spec.nodes.map(({ kind, name }) => [kind, name])).toEqual([
    ['source', 'source'],
    ['operator', 'transforms.mask'],
    ['encode', 'encode'],
    ['sink', 'topics'],
  ]);
  expect(spec.nodes[0]).toMatchObject({ plugin: 'FileStreamSource', config: { file: 'crm.txt', topic: 'crm' } });
  expect(spec.nodes[1]).toEqual({ kind: 'operator', name: 'transforms.mask', plugin: 'MaskField', config: { fields: 'ssn' } });
});

test.each([
  ['[2,)', 'Plugin mask.Field not found that matches the version range [2,), available versions: [1.2].'],
  ['[1', 'Unbounded range: [1.'],
])('a transform in another version than its config asks for, %s, is a problem', (version, message) => {
  const mask = { transforms: 'mask', 'transforms.mask.type': 'MaskField', 'transforms.mask.fields': 'ssn' };
  const { problems } = convert({ ...source, ...mask, 'transforms.mask.plugin.version': version });
  expect(problems).toMatchObject([{ node: 'transforms.mask', path: 'transforms.mask.plugin.version', message }]);
  expect(convert({ ...source, ...mask, 'transforms.mask.plugin.version': '[1,2)' }).problems).toEqual([]);
});

test('a sink connector is topic, decode, transforms, sink', () => {
  const { spec, problems } = convert({ ...sink, transforms: 'a,b', 'transforms.a.type': 'A', 'transforms.b.type': 'B' });
  expect(problems).toEqual([]);
  expect(spec.nodes.map(({ kind, name }) => [kind, name])).toEqual([
    ['source', 'topics'],
    ['decode', 'decode'],
    ['operator', 'transforms.a'],
    ['operator', 'transforms.b'],
    ['sink', 'sink'],
  ]);
  expect(spec.nodes[0]).toMatchObject({ plugin: 'kafka-topic', config: { topics: 'crm', 'group.id': 'connect-out' } });
});

test('the document of a connector is a document: written and read again it is the same', () => {
  const { spec } = convert({ ...source, 'errors.tolerance': 'all' });
  expect(pipelineSpec.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
});

describe('converters', () => {
  const encodeOf = (raw: RawConfig, properties?: RawConfig) => convert(raw, properties).spec.nodes.find(({ kind }) => kind === 'encode');

  test("are the worker's, with the worker's settings, where the connector names none", () => {
    expect(encodeOf({ ...source, 'value.converter.schemas.enable': 'true' })).toMatchObject({
      key: { plugin: 'org.apache.kafka.connect.storage.StringConverter', config: {} },
      value: { plugin: 'org.apache.kafka.connect.json.JsonConverter', config: { 'schemas.enable': 'false' } },
      header: { plugin: 'org.apache.kafka.connect.storage.SimpleHeaderConverter', config: {} },
    });
  });

  test("are the connector's, without the worker's settings, where it names one", () => {
    expect(encodeOf({ ...source, 'value.converter': 'json', 'value.converter.decimal.format': 'NUMERIC' })).toMatchObject({
      value: { plugin: 'json', config: { 'decimal.format': 'NUMERIC' } },
    });
  });

  test('that nobody names are a problem of their key', () => {
    const { problems } = convert(source, {});
    expect(problems.map(({ path, remedy }) => [path, remedy])).toEqual([
      ['key.converter', 'Set key.converter in the connector or the worker.'],
      ['value.converter', 'Set value.converter in the connector or the worker.'],
    ]);
  });
});

describe('predicates', () => {
  const withPredicate = {
    ...source,
    transforms: 'mask',
    'transforms.mask.type': 'MaskField',
    'transforms.mask.predicate': 'isCrm',
    predicates: 'isCrm',
    'predicates.isCrm.type': 'TopicNameMatches',
    'predicates.isCrm.pattern': 'crm.*',
  };

  test.each([
    [undefined, false],
    ['false', false],
    ['TRUE', true],
    // As Connect, which takes blanks for fine and then reads the text with them.
    [' true', false],
  ])('with negate %s: negate is %s', (negate, expected) => {
    const raw = negate === undefined ? withPredicate : { ...withPredicate, 'transforms.mask.negate': negate };
    expect(convert(raw).spec.nodes[1]).toMatchObject({
      config: {},
      when: { plugin: 'TopicNameMatches', config: { pattern: 'crm.*' }, negate: expected },
    });
  });

  test.each([
    ['an unknown predicate', { 'transforms.mask.predicate': 'nope' }, 'transforms.mask.predicate'],
    ['a predicate without type', { 'predicates.isCrm.type': '' }, 'predicates.isCrm.type'],
    ['a predicate with blanks around its name', { 'transforms.mask.predicate': ' isCrm' }, 'transforms.mask.predicate'],
    ['negate that is no boolean', { 'transforms.mask.negate': 'maybe' }, 'transforms.mask.negate'],
    ['negate without a predicate', { 'transforms.mask.negate': 'true', 'transforms.mask.predicate': undefined }, 'transforms.mask.negate'],
    ['a transform without type', { 'transforms.mask.type': undefined }, 'transforms.mask.type'],
  ])('%s is a problem of its key', (_title, change, path) => {
    expect(convert({ ...withPredicate, ...change }).problems.map((problem) => problem.path)).toEqual([path]);
  });
});

test.each([
  ['tasks.max', { 'tasks.max': '3' }, { tasksMax: 3 }],
  ['errors.tolerance', { 'errors.tolerance': 'all' }, { errors: { tolerance: 'all' } }],
  ['errors.retry.timeout', { 'errors.retry.timeout': '-1' }, { errors: { retryTimeoutMs: -1 } }],
  ['errors.retry.delay.max.ms', { 'errors.retry.delay.max.ms': '9' }, { errors: { retryMaxDelayMs: 9 } }],
  ['errors.log.enable', { 'errors.log.enable': 'TRUE' }, { errors: { log: true } }],
  ['errors.log.include.messages', { 'errors.log.include.messages': 'true' }, { errors: { logRecords: true } }],
])('%s becomes a setting of the pipeline', (_key, raw, settings) => {
  expect(convert({ ...source, ...raw }).spec.settings).toMatchObject(settings);
});

test("the worker's flush settings are those of commits", () => {
  const properties = { ...worker, 'offset.flush.interval.ms': '250', 'offset.flush.timeout.ms': '9' };
  expect(convert(source, properties).spec.settings).toMatchObject({ commitIntervalMs: 250, commitTimeoutMs: 9 });
});

test.each([
  ['nothing', {}, {}, 600_000],
  ['the worker', { 'task.watchdog.ms': '7' }, {}, 7],
  ['the connector before the worker', { 'task.watchdog.ms': '7' }, { 'task.watchdog.ms': '9' }, 9],
  ['the connector: never', {}, { 'task.watchdog.ms': '0' }, null],
])('the watchdog is set by %s', (_title, properties, raw, watchdogMs) => {
  expect(convert({ ...source, ...raw }, { ...worker, ...properties }).spec.settings).toMatchObject({ watchdogMs });
});

test('a watchdog that cannot be is a problem of its key', () => {
  const message = 'Invalid value -1 for configuration task.watchdog.ms: Value must be at least 0.';
  expect(convert({ ...source, 'task.watchdog.ms': '-1' }).problems).toMatchObject([{ path: 'task.watchdog.ms', message }]);
});

test("client settings are the worker's, overridden by the connector's", () => {
  const properties = { ...worker, 'consumer.max.poll.records': '10', 'consumer.fetch.min.bytes': '1', 'producer.acks': '1' };
  const { spec } = convert({ ...sink, 'consumer.override.max.poll.records': '20', 'consumer.override.group.id': 'mine' }, properties);
  expect(spec.nodes[0]).toMatchObject({ config: { 'max.poll.records': '20', 'fetch.min.bytes': '1', 'group.id': 'mine' } });
  expect(convert(source, properties).spec.nodes.at(-1)).toMatchObject({ config: { acks: '1' } });
});

test('a name that is a source and a sink is a sink where there are topics to read', () => {
  expect(convert({ ...sink, 'connector.class': 'file' }).spec.nodes.at(-1)).toMatchObject({ kind: 'sink', plugin: 'file' });
  expect(convert({ ...source, 'connector.class': 'file' }).spec.nodes[0]).toMatchObject({ kind: 'source', plugin: 'file' });
});

test('all problems are told at once, each with its key, and a graph is made of the rest', () => {
  const { spec, problems } = convert({
    ...source,
    'tasks.max': '0',
    'errors.tolerance': 'some',
    'errors.retry.timeout': 'x',
    transforms: 'a',
    'transforms.b.type': 'B',
  });
  expect(problems.map(({ path }) => path)).toEqual(['tasks.max', 'errors.retry.timeout', 'errors.tolerance', 'transforms.a.type']);
  expect(spec.nodes.map(({ kind }) => kind)).toEqual(['source', 'encode', 'sink']);
});

test.each([
  [
    'transforms',
    { transforms: 'a,a', 'transforms.a.type': 'A' },
    'Invalid value [a, a] for configuration transforms: Duplicate alias provided.',
  ],
  ['name', { name: '' }, 'Invalid value  for configuration name: String may not be empty.'],
])('what Connect refuses of %s is told once, in its words', (path, raw, message) => {
  expect(convert({ ...source, ...raw }).problems).toMatchObject([{ path, message }]);
});

test('topics that are listed twice are a problem of their key, as in Connect', () => {
  const message = "Configuration 'topics' values must not be duplicated.";
  expect(convert({ ...sink, topics: 'a,a' }).problems).toMatchObject([{ path: 'topics', message }]);
});

test("paths are the connector's keys", () => {
  const { path } = convert({
    ...source,
    transforms: 'mask',
    'transforms.mask.type': 'MaskField',
    'transforms.mask.predicate': 'isCrm',
    predicates: 'isCrm',
    'predicates.isCrm.type': 'TopicNameMatches',
  });
  expect([
    path('source', 'config'),
    path('source', 'config', 'file'),
    path('transforms.mask', 'config'),
    path('transforms.mask', 'config', 'fields'),
    path('transforms.mask', 'when'),
    path('transforms.mask', 'when', 'pattern'),
    path('encode', 'value'),
    path('encode', 'value', 'schemas.enable'),
    path('topics', 'config', 'topics'),
  ]).toEqual([
    'connector.class',
    'file',
    'transforms.mask.type',
    'transforms.mask.fields',
    'predicates.isCrm.type',
    'predicates.isCrm.pattern',
    'value.converter',
    'value.converter.schemas.enable',
    'topics',
  ]);
});

describe('dead letters', () => {
  const dead = { ...sink, 'errors.deadletterqueue.topic.name': 'crm-dead' };

  test("have a topic, with Connect's defaults for the rest", () => {
    expect(convert(dead).spec.settings.errors).toMatchObject({
      tolerance: 'none',
      deadLetters: { topic: 'crm-dead', replicationFactor: 3, contextHeaders: false },
    });
    const more = {
      'errors.deadletterqueue.topic.replication.factor': '1',
      'errors.deadletterqueue.context.headers.enable': 'true',
    };
    expect(convert({ ...dead, ...more }).spec.settings.errors.deadLetters).toEqual({
      topic: 'crm-dead',
      replicationFactor: 1,
      contextHeaders: true,
    });
  });

  test('are for sinks that name a topic only', () => {
    expect(convert({ ...sink, 'errors.deadletterqueue.topic.name': ' ' }).spec.settings.errors).not.toHaveProperty('deadLetters');
    expect(convert({ ...source, 'errors.deadletterqueue.topic.name': 'dead' }).spec.settings.errors).not.toHaveProperty('deadLetters');
  });

  test.each([
    [
      { topics: 'a,crm-dead' },
      'topics',
      "The DLQ topic 'crm-dead' may not be included in the list of topics ('topics=[a, crm-dead]') consumed by the connector.",
    ],
    [
      { topics: undefined, 'topics.regex': 'crm.*' },
      'topics.regex',
      "The DLQ topic 'crm-dead' may not be matched by the regex for the topics ('topics.regex=crm.*') consumed by the connector.",
    ],
    [
      { 'errors.deadletterqueue.topic.replication.factor': 'x' },
      'errors.deadletterqueue.topic.replication.factor',
      'Invalid value x for configuration errors.deadletterqueue.topic.replication.factor: Not a number of type SHORT.',
    ],
    [
      { 'errors.deadletterqueue.context.headers.enable': 'maybe' },
      'errors.deadletterqueue.context.headers.enable',
      'Invalid value maybe for configuration errors.deadletterqueue.context.headers.enable: Expected value to be either true or false.',
    ],
  ])('are refused in the words of Connect: %j', (more, path, message) => {
    const config = Object.fromEntries(Object.entries({ ...dead, ...more }).filter(([, value]) => value !== undefined));
    expect(convert(config).problems).toMatchObject([{ path, message }]);
  });
});
