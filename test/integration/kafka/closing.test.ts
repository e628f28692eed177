import { expect, test } from 'vitest';
import type { Driver, GroupOptions } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { describeKafka } from './describe-kafka.ts';
import { sharedBroker } from './shared-broker.ts';

const timing = { sessionMs: 10_000, rebalanceMs: 10_000 };
const member: GroupOptions = {
  ...{ groupId: 'closing-connect', protocolType: 'connect', heartbeatMs: 100, ...timing },
  protocols: () => [{ name: 'roll', metadata: new Uint8Array() }],
  assign: () => new Map(),
  onAssigned: async () => {},
  onRevoked: async () => {},
};
const never = { onAssigned: async () => {}, onRevoked: async () => {} };
const topics = ['closing'];

const openings: Readonly<Record<string, (driver: Driver) => Promise<unknown> | undefined>> = {
  'a consumer': (driver) => driver.consumer({ source: { mode: 'assign', partitions: [{ topic: 'closing', partition: 0 }] } }),
  'a consumer of a group': (driver) => driver.consumer({ source: { mode: 'group', groupId: 'closing-consumer', topics, ...timing } }),
  'a member of a group': (driver) => driver.group?.(member),
  'a subscription': (driver) => driver.subscribe?.({ groupId: 'closing-subscription', topics, ...timing, ...never }),
};

describeKafka('what a driver opens while it is closed', () => {
  test.each([0, 20, 60])('is refused and leaves nobody in a group, %i ms after it began', { timeout: 600_000 }, async (ms) => {
    const { bootstrap } = await sharedBroker();
    const watching = await openKafka({ bootstrap });
    const driver = await openKafka({ bootstrap });
    const opened = Object.values(openings).map((open) => open(driver));
    const settled = Promise.allSettled(opened);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await driver.close();
    for (const { status } of await settled) if (ms === 0) expect(status).toBe('rejected');
    const groups = ['closing-consumer', 'closing-connect', 'closing-subscription'];
    const found = (await (await watching.admin()).describeGroups?.(groups)) ?? [];
    expect(found.flatMap(({ members }) => members)).toEqual([]);
    await watching.close();
  });
});
