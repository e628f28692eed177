import { afterEach, expect, test } from 'vitest';
import { encodeAssignment } from '../../../../src/kafka/kafkajs/consumer/consumer-protocol.ts';
import { GroupConsumer, type GroupConsumerOptions } from '../../../../src/kafka/kafkajs/consumer/group-consumer.ts';
import type { Broker, RawCall } from '../../../../src/kafka/kafkajs/internals.ts';
import type { Link } from '../../../../src/kafka/kafkajs/link.ts';
import { WireWriter } from '../../../../src/kafka/kafkajs/wire.ts';

const REBALANCE_IN_PROGRESS = 27;
const partition = { topic: 't', partition: 0 };
const opened: GroupConsumer[] = [];
afterEach(() => Promise.all(opened.splice(0).map((consumer) => consumer.close())));

/** A group of one member that is given one partition, and a cluster that answers nothing else. */
class Group {
  generation = 0;
  /** What the next heartbeats are answered. */
  heartbeat = 0;
  joins = true;
  readonly links: { closed: boolean }[] = [];

  link(): Link {
    const { promise: never, reject } = Promise.withResolvers<never>();
    never.catch(() => {});
    const broker: Broker = {
      nodeId: 1,
      versions: Object.fromEntries([11, 12, 13, 14].map((key) => [key, { minVersion: 0, maxVersion: 5 }])),
      connectionPool: {
        send: (call) => this.#answer(call, never),
        getConnection: async () => ({ send: (call) => this.#answer(call, never) }),
      },
    };
    const opened = { closed: false };
    this.links.push(opened);
    const link = {
      cluster: { findGroupCoordinator: async () => broker, findBroker: () => never },
      metadata: { ask: () => never, leader: () => undefined },
      settings: { retryBackoff: { firstMs: 1, mostMs: 1 }, requestTimeoutMs: 1_000, callTimeoutMs: 1_000, metadataMaxAgeMs: 10_000 },
      closed: new AbortController().signal,
      close: async () => {
        opened.closed = true;
        reject(new Error('The link is closed.'));
      },
    };
    return link as unknown as Link;
  }

  #answer({ request, response }: RawCall, never: Promise<never>): Promise<unknown> {
    const answer = new WireWriter().int32(0);
    if (request.apiKey === 11 && this.joins) {
      this.heartbeat = 0;
      answer
        .int16(0)
        .int32(++this.generation)
        .string('range')
        .string('m')
        .string('other');
      answer.array([], () => {});
    } else if (request.apiKey === 12) answer.int16(this.heartbeat);
    else if (request.apiKey === 13) answer.int16(0).array([], () => {});
    else if (request.apiKey === 14) answer.int16(0).bytesField(encodeAssignment([partition]));
    else return never;
    return response.decode(answer.bytes);
  }
}

async function open(group: Group, rebalanceMs: number, options: Partial<GroupConsumerOptions> = {}): Promise<GroupConsumer> {
  const consumer = await GroupConsumer.open({
    link: group.link(),
    source: { groupId: 'g', topics: ['t'], sessionMs: 10_000, heartbeatMs: 5, rebalanceMs },
    memberLink: async () => group.link(),
    onAssigned: undefined,
    onRevoked: undefined,
    ...options,
  });
  opened.push(consumer);
  return consumer;
}

test('partitions that are given back later than the group waits leave what was assigned meanwhile', async () => {
  const group = new Group();
  const slow = Promise.withResolvers<void>();
  const consumer = await open(group, 50, { onRevoked: () => slow.promise });
  const next = consumer.next().catch(() => 'closed');
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect.poll(() => group.generation).toBe(2);
  await expect.poll(() => consumer.groupIdentity().generation).toBe(2);
  slow.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(consumer.assignment()).toEqual([partition]);
  await consumer.close();
  expect(await next).toBe('closed');
});

test('closing does not wait for a join that nobody answers, and leaves no connection', async () => {
  const group = new Group();
  const consumer = await open(group, 20);
  await expect.poll(() => consumer.assignment()).toEqual([]);
  group.joins = false;
  const next = consumer.next().catch(() => 'closed');
  await expect.poll(() => group.links.length).toBe(3);
  await consumer.close();
  expect(await next).toBe('closed');
  expect(group.links.map(({ closed }) => closed)).toEqual([true, true, true]);
});

test('a group whose topics cannot be asked for opens no connections', async () => {
  const group = new Group();
  const link = { ...group.link(), metadata: { ask: () => Promise.reject(new Error('No broker answers.')) } } as unknown as Link;
  const source = { groupId: 'g', topics: /^t/, sessionMs: 10_000, heartbeatMs: 5, rebalanceMs: 1_000 };
  const memberLink = () => Promise.reject(new Error('It opens connections.'));
  await expect(open(group, 1_000, { link, source, memberLink })).rejects.toThrow('No broker answers.');
});
