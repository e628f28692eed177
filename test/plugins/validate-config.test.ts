import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ConfigReport } from '../../src/graph/validation/report.ts';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import { type ForWorker, validateConfig } from '../../src/plugins/validate-config.ts';

const json = 'org.apache.kafka.connect.json.JsonConverter';
const converters = { 'key.converter': json, 'value.converter': json };
const standalone: ForWorker = { properties: converters, mode: { mode: 'standalone' } };
const source = { name: 'x', 'connector.class': 'FileStreamSource', topic: 'a' };
const sink = { name: 'x', 'connector.class': 'FileStreamSink', topics: 'a' };
const registry = new PluginRegistry();
const validate = (config: Readonly<Record<string, unknown>>, worker: ForWorker = standalone) => validateConfig(config, registry, worker);

const errorsOf = ({ configs }: ConfigReport) =>
  Object.fromEntries(configs.flatMap(({ value }) => (value && value.errors.length > 0 ? [[value.name, value.errors]] : [])));

/** What Kafka Connect 4.3.1 answered, in short: what stands beside the keys that are always there, and values unlike the default. */
interface Recorded {
  readonly config: Readonly<Record<string, string | null>>;
  readonly error?: string;
}
const recorded = readFileSync(new URL('connect-4.3.1-validate.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Recorded => JSON.parse(line));

test('configurations are validated as Kafka Connect validated them', async () => {
  expect(recorded.length).toBeGreaterThan(300);
  for (const { config, ...expected } of recorded) {
    const answer = await validate(config).then(inShort, (error: Error) => ({ error: error.message }));
    expect({ config, ...answer }).toEqual({ config, ...expected });
  }
});

/** Their values say nothing new. */
const given = ['name', 'connector.class', 'topic', 'topics', 'transforms', 'transforms.t.type', 'predicates', 'predicates.t.type'];
const alwaysThere = /^(?!\(|transforms\.|predicates\.|.*override|.*\.converter\.(?!plugin))/;

function inShort({ errorCount, groups, configs }: ConfigReport) {
  const nameOf = ({ definition, value }: ConfigReport['configs'][number]) => definition?.name ?? `(${value?.name})`;
  const unlikeDefault = configs.filter(
    ({ definition, value }) => definition && value && value.value !== definition.defaultValue && !given.includes(value.name),
  );
  const all = {
    errorCount,
    groups: groups.slice(4),
    keys: configs
      .map(nameOf)
      .filter((name) => !alwaysThere.test(name))
      .join(' '),
    errors: Object.fromEntries(configs.flatMap((config) => (config.value?.errors.length ? [[nameOf(config), config.value.errors]] : []))),
    values: Object.fromEntries(unlikeDefault.map(({ value }) => [value?.name, value?.value])),
    hidden: configs.flatMap(({ value }) => (value?.visible === false ? [value.name] : [])).join(' '),
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, part]) => part !== '' && !(typeof part === 'object' && Object.keys(part).length === 0)),
  );
}

describe('on a worker of a cluster', () => {
  const distributed: ForWorker = { ...standalone, mode: { mode: 'distributed', groupId: 'cluster', exactlyOnce: false } };

  test('a sink may not be in the group of the workers', async () => {
    const conflict = (name: string) => `Consumer group for sink connector named ${name} conflicts with Connect worker group cluster`;
    expect(errorsOf(await validate({ ...sink, 'consumer.override.group.id': 'cluster' }, distributed))).toEqual({
      'consumer.override.group.id': [conflict('x')],
    });
    const named: ForWorker = { ...distributed, mode: { mode: 'distributed', groupId: 'connect-x', exactlyOnce: false } };
    expect(errorsOf(await validate(sink, named))).toEqual({
      name: ['Consumer group for sink connector named x conflicts with Connect worker group connect-x'],
    });
  });

  test('exactly-once delivery is refused where it is not to be had', async () => {
    const config = { ...source, 'exactly.once.support': 'Required', 'transaction.boundary': 'CONNECTOR' };
    expect(Object.keys(errorsOf(await validate(config, distributed)))).toEqual(['exactly.once.support', 'transaction.boundary']);
    expect(errorsOf(await validate(config))).toEqual({});
  });
});

describe('the policy of the worker', () => {
  const refused = async (policy: string, key: string) => {
    const properties = {
      ...converters,
      'connector.client.config.override.policy': policy,
      'connector.client.config.override.allowlist': 'a, acks',
    };
    const { errorCount, configs } = await validate({ ...source, [`producer.override.${key}`]: '1' }, { ...standalone, properties });
    return [errorCount, configs.at(-1)?.value?.errors];
  };

  test('decides which client settings may be overridden', async () => {
    const why = (policy: string) => [1, [`The '${policy}' policy does not allow 'acks' to be overridden in the connector configuration.`]];
    expect(await refused('None', 'acks')).toEqual(why('None'));
    expect(await refused('org.apache.kafka.connect.connector.policy.PrincipalConnectorClientConfigOverridePolicy', 'acks')).toEqual(
      why('Principal'),
    );
    expect(await refused('Principal', 'sasl.mechanism')).toEqual([0, []]);
    expect(await refused('Allowlist', 'acks')).toEqual([0, []]);
    expect(await refused('All', 'acks')).toEqual([0, []]);
  });
});

test('what Connect does not have is told of only where it is set', async () => {
  const names = async (config: Readonly<Record<string, unknown>>) =>
    (await validate(config)).configs.map(({ definition }) => definition?.name);
  expect(await names(sink)).not.toContain('file.fsync');
  expect(await names({ ...sink, 'file.fsync': 'maybe' })).toContain('file.fsync');
  expect(errorsOf(await validate({ ...sink, 'file.fsync': 'maybe' }))).toEqual({
    'file.fsync': ['Invalid value maybe for configuration file.fsync: Expected value to be either true or false'],
  });
  expect(errorsOf(await validate({ ...sink, 'task.watchdog.ms': '-1' }))).toEqual({
    'task.watchdog.ms': ['Invalid value -1 for configuration task.watchdog.ms: Value must be at least 0'],
  });
  expect(errorsOf(await validate({ ...sink, 'restart.policy': 'always' }))).toEqual({
    'restart.policy': ['Invalid value always for configuration restart.policy: String must be one of: never, on-failure'],
  });
});

test('an own name that a source and a sink share is a sink where there are topics to read', async () => {
  expect((await validate({ ...sink, 'connector.class': 'file' })).configs.at(-1)?.definition?.name).toBe('file');
  expect((await validate({ ...source, 'connector.class': 'file' })).configs.at(-1)?.definition?.name).toBe('batch.size');
});
