import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWorkerConfig } from '../../src/config/worker-config.ts';
import { config } from '../../src/sdk/config-definition.ts';
import { int } from '../../src/sdk/config-kinds.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-worker-config-'));
  file = join(folder, 'worker.properties');
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (content: string, environment: Record<string, string> = {}, overrides = {}) => {
  writeFileSync(file, content);
  return readWorkerConfig({ file, environment, overrides, warn: () => {} });
};

test('without a file and brokers the embedded broker works with JSON on the loopback address', async () => {
  const { settings, originals } = await readWorkerConfig({ environment: {}, warn: () => {} });
  expect(settings).toMatchObject({
    'bootstrap.servers': null,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    listeners: ['http://127.0.0.1:8083'],
    'offset.flush.interval.ms': 60_000,
    'task.shutdown.graceful.timeout.ms': 5_000,
    'data.dir': '.sluice',
  });
  expect(originals['value.converter']).toBe('org.apache.kafka.connect.json.JsonConverter');
});

test('on brokers Connect asks for converters and the offset file; all that is wrong is told at once', async () => {
  await expect(read('bootstrap.servers=b:9092\noffset.flush.interval.ms=soon\nlisteners=\n')).rejects.toThrow(
    [
      `The worker configuration (${file}) is invalid`,
      '  at key.converter: Missing required configuration "key.converter" which has no default value.',
      '  at value.converter: Missing required configuration "value.converter" which has no default value.',
      '  at offset.flush.interval.ms: Invalid value soon for configuration offset.flush.interval.ms: Not a number of type LONG',
      '  at listeners: Invalid value null for configuration listeners: List of listener URLs may not be null or empty',
      '  at offset.storage.file.filename: Missing required configuration "offset.storage.file.filename" which has no default value.',
    ].join('\n'),
  );
});

test('the command line wins over the environment, which wins over the file; unknown keys are kept', async () => {
  const environment = { CONNECT_OFFSET_FLUSH_TIMEOUT_MS: '2', CONNECT_DATA_DIR: 'env' };
  const content = 'offset.flush.timeout.ms=1\noffset.flush.interval.ms=7\nproducer.linger.ms=5\ndata.dir=file\n';
  const { settings, originals } = await read(content, environment, { 'data.dir': 'flag' });
  expect(settings).toMatchObject({ 'offset.flush.timeout.ms': 2, 'offset.flush.interval.ms': 7, 'data.dir': 'flag' });
  expect(originals['producer.linger.ms']).toBe('5');
});

test('a key that is a setting but for a slip is told of; others may be of clients and plugins', async () => {
  const told: string[] = [];
  await readWorkerConfig({
    environment: {},
    overrides: { 'offset.flush.intervall.ms': '1', 'retry.backoff.ms': '1', 'producer.linger.ms': '5', 'my.own': 'x' },
    warn: (message) => told.push(message),
  });
  expect(told).toEqual(['the worker has no setting offset.flush.intervall.ms; is offset.flush.interval.ms meant?']);
});

test.each([
  ['com.acme.Reporter', ['metric.reporters has no effect: there are no metrics yet']],
  ['org.apache.kafka.common.metrics.JmxReporter,com.acme.Reporter', ['metric.reporters has no effect: there are no metrics yet']],
  ['org.apache.kafka.common.metrics.JmxReporter', []],
  ['', []],
])('reporters of metrics are told of, but for the default: %s', async (reporters, expected) => {
  const told: string[] = [];
  await readWorkerConfig({ environment: {}, overrides: { 'metric.reporters': reporters }, warn: (message) => told.push(message) });
  expect(told).toEqual(expected);
});

test('references are replaced when the file is read', async () => {
  const secrets = join(folder, 'secrets');
  writeFileSync(secrets, 'interval=9\n');
  const content = `config.providers=f\nconfig.providers.f.class=FileConfigProvider\noffset.flush.interval.ms=\${f:${secrets}:interval}\n`;
  expect((await read(content)).settings['offset.flush.interval.ms']).toBe(9);
});

test('further keys are checked with the rest, and each key is told once', async () => {
  const also = [config({ 'my.key': int({ default: 1, doc: 'Mine.' }), 'offset.flush.interval.ms': int({ default: 1, doc: 'Again.' }) })];
  writeFileSync(file, 'my.key=x\noffset.flush.interval.ms=y\n');
  await expect(readWorkerConfig({ file, environment: {}, also, warn: () => {} })).rejects.toThrow(
    [
      `The worker configuration (${file}) is invalid`,
      '  at offset.flush.interval.ms: Invalid value y for configuration offset.flush.interval.ms: Not a number of type INT',
      '  at my.key: Invalid value x for configuration my.key: Not a number of type INT',
      'Correct',
    ].join('\n'),
  );
});
