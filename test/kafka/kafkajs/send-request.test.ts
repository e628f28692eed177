import { expect, test } from 'vitest';
import { DriverError } from '../../../src/kafka/driver.ts';
import { brokerError } from '../../../src/kafka/kafkajs/error-codes.ts';
import type { Broker, RawCall } from '../../../src/kafka/kafkajs/internals.ts';
import { fetchRecords } from '../../../src/kafka/kafkajs/requests/fetch.ts';
import { produce } from '../../../src/kafka/kafkajs/requests/produce.ts';
import { sendRequest } from '../../../src/kafka/kafkajs/send-request.ts';
import { WireReader, WireWriter } from '../../../src/kafka/kafkajs/wire.ts';

/** A broker that answers every request with these bytes, and keeps what it was sent. */
function answering(answer: Uint8Array | Error, sent: Buffer[] = []): Broker {
  const send = async ({ request, response }: RawCall) => {
    sent.push((await request.encode()).buffer);
    if (answer instanceof Error) throw answer;
    if (!request.expectResponse()) return undefined;
    return response.parse(await response.decode(Buffer.from(answer)));
  };
  return { nodeId: 1, versions: { 0: { minVersion: 3, maxVersion: 12 }, 1: { minVersion: 4, maxVersion: 11 } }, connectionPool: { send } };
}
const request = (acks: number) => ({
  transactionalId: null,
  acks,
  timeoutMs: 1,
  topics: [{ topic: 't', partitions: [{ partition: 2, records: Uint8Array.of(7) }] }],
});
const answerOf = (write: (writer: WireWriter) => void): Buffer => {
  const writer = new WireWriter(1);
  write(writer);
  return writer.bytes;
};
const produced = answerOf((writer) => {
  writer.array(['t'], (_, topic) => {
    writer.string(topic).array([2], (__, partition) => {
      writer
        .int32(partition)
        .int16(87)
        .int64(2 ** 52)
        .int64(-1)
        .int64(3);
      writer.array(['bad'], (___, message) => writer.int32(0).string(message)).string(null);
    });
  });
  writer.int32(0);
});

test('writes a Produce request as these bytes, and reads its answer', async () => {
  const sent: Buffer[] = [];
  const answer = await sendRequest(answering(produced, sent), produce, request(-1), 1000);
  expect(sent[0]?.toString('hex')).toBe('ffff' + 'ffff' + '00000001' + '00000001' + '000174' + '00000001' + '00000002' + '00000001' + '07');
  expect(answer?.partitions).toEqual([
    {
      topic: 't',
      partition: 2,
      errorCode: 87,
      baseOffset: 2 ** 52,
      logAppendTime: -1,
      logStartOffset: 3,
      recordErrors: [{ index: 0, message: 'bad' }],
      errorMessage: null,
    },
  ]);
});

test('large fields are sent from where they lie, small ones in between', () => {
  const large = Buffer.alloc(5_000, 'x');
  const writer = new WireWriter(1).int8(1).bytesField(large).string('t').bytesField(large).bytesField(Uint8Array.of(7));
  expect(writer.parts.filter((part) => part.buffer === large.buffer)).toHaveLength(2);
  const sizes = [1 + 4, 5_000, 3 + 4, 5_000, 4 + 1];
  expect(writer.parts.map(({ length }) => length)).toEqual(sizes);
  expect(writer.bytes.equals(Buffer.concat(writer.parts))).toBe(true);
  expect(writer.bytes.subarray(5_005, 5_012).toString('hex')).toBe('000174' + '00001388');
});

test('a request without an answer resolves with none', async () => {
  expect(await sendRequest(answering(produced), produce, request(0), 1000)).toBeUndefined();
});

test('every cut of an answer is refused as malformed', async () => {
  for (let end = 0; end < produced.length; end++) {
    const error = await sendRequest(answering(produced.subarray(0, end)), produce, request(1), 1000).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(DriverError);
    expect(error).toMatchObject({ kind: 'invalid', message: expect.stringContaining('malformed') });
  }
});

test('an answer that claims more values than bytes is refused before they are made', () => {
  const reader = new WireReader(Buffer.from('7fffffff0000', 'hex'));
  expect(() => reader.array(() => 0)).toThrow(/2147483647 values are claimed in 2 bytes/);
});

test('a failed connection is retriable, a failed login is not', async () => {
  const failing = (name: string) => sendRequest(answering(Object.assign(new Error('gone'), { name })), produce, request(1), 1000);
  await expect(failing('KafkaJSConnectionError')).rejects.toMatchObject({ kind: 'retriable', message: 'Produce failed: gone' });
  await expect(failing('KafkaJSSASLAuthenticationError')).rejects.toMatchObject({ kind: 'auth' });
});

test('a version that the broker does not speak is refused by name', async () => {
  const old = { ...answering(produced), versions: { 1: { minVersion: 0, maxVersion: 10 } } };
  const fetching = { maxWaitMs: 0, minBytes: 0, maxBytes: 1, isolation: 'committed', topics: [] } as const;
  await expect(sendRequest(old, fetchRecords, fetching, 1)).rejects.toThrow(/version 11 of Fetch, only 0 to 10/);
  await expect(sendRequest(old, produce, request(1), 1)).rejects.toThrow(/version 8 of Produce. Use/);
});

test('error codes say what can be done', () => {
  expect(brokerError(0, 'x')).toBeUndefined();
  expect(brokerError(6, 'a batch for t-0')).toMatchObject({
    kind: 'retriable',
    code: 6,
    message: 'The broker refuses a batch for t-0: NOT_LEADER_OR_FOLLOWER.',
  });
  expect(brokerError(90, 'x')).toMatchObject({ kind: 'fenced' });
  expect(brokerError(47, 'x')).toMatchObject({ kind: 'fenced' });
  expect(brokerError(9999, 'x', 'why')).toMatchObject({ kind: 'fatal', message: 'The broker refuses x: error 9999 (why).' });
});
