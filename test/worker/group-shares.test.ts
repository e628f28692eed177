import { expect, test } from 'vitest';
import type { Driver, Subscription, SubscriptionOptions } from '../../src/kafka/driver.ts';
import type { RawConfig } from '../../src/sdk/config.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { GroupShares } from '../../src/worker/group-shares.ts';
import type { Fault } from '../../src/worker/messages.ts';

/** The first task of a sink with this config: what it subscribes to, or why it fails. */
async function subscribed(config: RawConfig): Promise<SubscriptionOptions['topics'] | Fault> {
  const { promise, resolve } = Promise.withResolvers<SubscriptionOptions['topics'] | Fault>();
  const driver: Pick<Driver, 'name' | 'subscribe'> = {
    name: 'kafkajs',
    subscribe: async ({ topics }) => {
      resolve(topics);
      return { commit: async () => {}, committed: async () => new Map(), leave: async () => {} };
    },
  };
  const shares = new GroupShares('c', {
    lend: async () => ({ driver: driver as Driver, close: async () => {} }),
    worker: {},
    log: createLog({ level: 'silent' }),
    tasks: { assign: () => {}, fail: (_, fault) => resolve(fault) },
  });
  shares.found(0, [], config);
  return promise.finally(() => shares.left(0));
}

const matches = async (regex: string, names: readonly string[]) => {
  const topics = await subscribed({ 'topics.regex': regex });
  return names.filter((name) => 'test' in topics && topics.test(name));
};

test('a group reads the topics that are named, each once', async () => {
  expect(await subscribed({ topics: ' a,b, a' })).toEqual(['a', 'b']);
});

test('a group reads the topics whose whole names match a pattern in the syntax of Java', async () => {
  const names = ['orders-1', 'ORDERS-2', 'orders', 'my-orders', 'a.b', 'axb', 'abc'];
  expect(await matches('(?i)orders-.', names)).toEqual(['orders-1', 'ORDERS-2']);
  expect(await matches('\\Qa.b\\E', names)).toEqual(['a.b']);
  expect(await matches('\\p{Lower}++', names)).toEqual(['orders', 'axb', 'abc']);
});

test('a task whose pattern or client settings cannot be read fails, and nothing else', async () => {
  expect(await subscribed({ 'topics.regex': 'a(' })).toMatchObject({ message: expect.stringContaining('Unclosed group') });
  const override = { 'consumer.override.max.poll.interval.ms': 'soon' };
  expect(await subscribed({ topics: 'a', ...override })).toMatchObject({ message: expect.stringContaining('max.poll.interval.ms') });
});

test('a task that cannot say that it leaves is gone all the same, and that is logged', async () => {
  const lines: string[] = [];
  let closed = 0;
  const subscription: Subscription = {
    commit: async () => {},
    committed: async () => new Map(),
    leave: () => Promise.reject(new Error('away')),
  };
  const driver: Pick<Driver, 'name' | 'subscribe'> = { name: 'kafkajs', subscribe: async () => subscription };
  const shares = new GroupShares('c', {
    lend: async () => ({ driver: driver as Driver, close: async () => void closed++ }),
    worker: {},
    log: createLog({ level: 'warn', write: (line) => lines.push(line) }),
    tasks: { assign: () => {}, fail: () => {} },
  });
  shares.found(0, [], { topics: 'a' });
  await shares.answer(0, { kind: 'load', partitions: [] }, {});
  await shares.left(0);
  expect(closed).toBe(1);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 40, connector: 'c', task: 0, error: { message: 'away' } }]);
});
