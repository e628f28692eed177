import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseOffsetChanges } from '../../src/sdk/offset-json.ts';
import type { OffsetChange } from '../../src/sdk/source.ts';
import { inStates, standalone, type TestWorker } from './standalone.ts';

let worker: TestWorker;
beforeEach(async () => {
  worker = await standalone();
});
afterEach(() => worker.close());

const changes = (text: string) => parseOffsetChanges(text) as readonly OffsetChange[];
const alter = (name: string, text: string) => worker.connectors.alterOffsets(name, changes(text));
const refusal = async (name: string, text: string) => {
  const error = await alter(name, text).then(
    () => undefined,
    (thrown: { status: number; message: string }) => thrown,
  );
  return error && [error.status, error.message];
};
const stopHint = (name: string) =>
  `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`;

describe('of a source', () => {
  const at = (position: unknown, file = 'a') => `[{"partition":{"filename":"${file}"},"offset":{"position":${position}}}]`;
  beforeEach(() => worker.connectors.create('in', { 'connector.class': 'FileStreamSource', file: 'a', topic: 't' }, 'STOPPED'));

  test('are set, shown and reset', async () => {
    expect(await alter('in', at(3))).toBe('The offsets for this connector have been altered successfully');
    await alter('in', at('9223372036854775807', 'b'));
    expect(await worker.connectors.offsets('in')).toEqual([
      { partition: { filename: 'a' }, offset: { position: 3 } },
      { partition: { filename: 'b' }, offset: { position: 9223372036854775807n } },
    ]);
    await alter('in', '[{"partition":{"filename":"b"},"offset":null},{"partition":null,"offset":null}]');
    expect(await worker.connectors.offsets('in')).toHaveLength(1);
    expect(await worker.connectors.resetOffsets('in')).toBe('The offsets for this connector have been reset successfully');
    expect(await worker.connectors.offsets('in')).toEqual([]);
  });

  test.each([
    [at('"1"'), "The value for the 'position' key in the offset is expected to be a Long value"],
    [at('1.0'), "The value for the 'position' key in the offset is expected to be a Long value"],
    [at('1e2'), "The value for the 'position' key in the offset is expected to be a Long value"],
    [at(-1), "The value for the 'position' key in the offset should be a non-negative value"],
    ['[{"partition":{"filename":"a"},"offset":{}}]', "Offset objects should either be null or contain the key 'position'"],
    ['[{"offset":{"position":1},"partition":null}]', 'Partition objects cannot be null'],
    ['[{"partition":{"x":1},"offset":{"position":2}}]', "Partition objects should contain the key 'filename'"],
    [
      at('99999999999999999999'),
      'Offsets may only contain primitive types as values, but field position contains class java.math.BigInteger',
    ],
    ['[{"partition":{"a":[1]},"offset":null}]', 'Offsets may only contain primitive types as values, but field a contains ARRAY'],
    [
      '[{"partition":{"filename":"a"},"offset":{"position":1,"x":{}}}]',
      'Offsets may only contain primitive types as values, but field x contains MAP',
    ],
  ])('%s is refused', async (text, message) => {
    expect(await refusal('in', text)).toEqual([500, message]);
  });

  test('only while it is stopped', async () => {
    await worker.connectors.resume('in');
    expect(await refusal('in', at(1))).toEqual([400, stopHint('in')]);
    await expect(worker.connectors.resetOffsets('nope')).rejects.toMatchObject({ status: 404, message: 'Connector nope not found' });
  });

  test('of standard input there are none to change', async () => {
    await worker.connectors.put('in', { 'connector.class': 'FileStreamSource', topic: 't' });
    expect(await refusal('in', at(1))).toEqual([
      500,
      "Offsets cannot be modified if the 'file' configuration is unspecified. This is because stdin is used for input and offsets are not tracked.",
    ]);
  });
});

describe('of a sink', () => {
  const at = (partition: unknown, offset: unknown, topic = '"t"') =>
    `[{"partition":{"kafka_topic":${topic},"kafka_partition":${partition}},"offset":${offset === null ? null : `{"kafka_offset":${offset}}`}}]`;
  beforeEach(async () => {
    const admin = await worker.driver.admin();
    await admin.createTopics([{ name: 't', partitions: 2 }]);
    await admin.close();
    await worker.connectors.create('out', { 'connector.class': 'FileStreamSink', file: `${worker.folder}/out`, topics: 't' }, 'STOPPED');
  });

  test('are those of its group: set, shown, taken away and reset', async () => {
    expect(await alter('out', at('"0"', '"5"'))).toBe('The offsets for this connector have been altered successfully');
    await alter('out', at(1, 500));
    expect(await worker.connectors.offsets('out')).toEqual([
      { partition: { kafka_topic: 't', kafka_partition: 0 }, offset: { kafka_offset: 5 } },
      { partition: { kafka_topic: 't', kafka_partition: 1 }, offset: { kafka_offset: 500 } },
    ]);
    await alter('out', at(1, null));
    expect(await worker.connectors.offsets('out')).toHaveLength(1);
    for (const _twice of [1, 2]) {
      expect(await worker.connectors.resetOffsets('out')).toBe('The offsets for this connector have been reset successfully');
    }
    expect(await worker.connectors.offsets('out')).toEqual([]);
  });

  const cannot = 'values for sink connectors need to be integers.';
  test.each([
    [at('"zero"', 1), 400, `Failed to parse the following Kafka partition value in the provided offsets: 'zero'. Partition ${cannot}`],
    [at(1.7, 1), 400, `Failed to parse the following Kafka partition value in the provided offsets: '1.7'. Partition ${cannot}`],
    [at(0, true), 400, `Failed to parse the following Kafka offset value in the provided offsets: 'true'. Offset ${cannot}`],
    [at(0, '1.0'), 400, `Failed to parse the following Kafka offset value in the provided offsets: '1.0'. Offset ${cannot}`],
    [at(0, 1, 'null'), 400, 'Kafka topic names must be valid strings and may not be null'],
    [at('null', 1), 400, 'Kafka partitions must be valid numbers and may not be null'],
    ['[{"partition":null,"offset":null}]', 400, 'The partition for a sink connector offset cannot be null or missing'],
    [at(77, 1), 500, 'Failed to alter consumer group offsets for connector out'],
    [at(0, 1, '"nope"'), 500, 'Failed to alter consumer group offsets for connector out'],
    [at(-1, 1), 500, 'Failed to alter consumer group offsets for connector out'],
    [at(0, -1), 500, 'Failed to modify offsets for sink connector out'],
  ])('%s is %i', async (text, status, message) => {
    expect(await refusal('out', text)).toEqual([status, message]);
  });
});

test('topics that a connector uses are told, and forgotten until it uses them again', async () => {
  const { connectors, folder } = worker;
  const file = `${folder}/in`;
  const { appendFileSync } = await import('node:fs');
  appendFileSync(file, 'a\n');
  await connectors.create('in', { 'connector.class': 'FileStreamSource', file, topic: 't' });
  await connectors.create('out', { 'connector.class': 'FileStreamSink', file: `${folder}/out`, topics: 't' });
  await worker.until(inStates('RUNNING', 'RUNNING'), 'out');
  const known = async (name: string) => {
    while (connectors.topics(name).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return connectors.topics(name);
  };
  expect([await known('in'), await known('out')]).toEqual([['t'], ['t']]);
  await connectors.resetTopics('in');
  expect([connectors.topics('in'), connectors.topics('out'), connectors.topics('nope')]).toEqual([[], ['t'], []]);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  appendFileSync(file, 'b\n');
  expect(await known('in')).toEqual(['t']);
});
