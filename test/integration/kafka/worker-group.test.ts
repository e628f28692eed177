import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Driver } from '../../../src/kafka/driver.ts';
import type { KafkaDriver } from '../../../src/kafka/kafkajs/kafka-driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { holdGroup } from '../../../src/worker/distributed/worker-group.ts';
import { describeKafka } from './describe-kafka.ts';
import { until } from './group-bench.ts';
import { sharedBroker } from './shared-broker.ts';

const MINUTES = 60_000;
const timing = { sessionMs: 6_000, heartbeatMs: 100, rebalanceMs: 10_000 };

describeKafka('the group of a worker', () => {
  let bootstrap: string;
  const open: Driver[] = [];
  beforeAll(async () => {
    ({ bootstrap } = await sharedBroker());
  }, 10 * MINUTES);
  afterEach(async () => {
    for (const driver of open.splice(0)) await driver.close();
  });

  const driver = async (clientId: string): Promise<KafkaDriver> => {
    const opened = await openKafka({ bootstrap, properties: { 'client.id': clientId } });
    open.push(opened);
    return opened;
  };

  /** A worker that begins; what it was told of is in `lost`, and what it logs in `log`. */
  async function worker(groupId: string, workerId: string, patienceMs: number) {
    const [lost, lines]: [unknown[], string[]] = [[], []];
    const stop = new AbortController();
    const kafka = await driver(workerId);
    const log = createLog({ write: (line) => lines.push(line) });
    const holding = holdGroup(
      kafka,
      { groupId, workerId, patienceMs, ...timing },
      { log, stopped: stop.signal, onLost: (error) => lost.push(error) },
    );
    return { kafka, stop, holding, lost, lines };
  }
  const members = async (groupId: string) => {
    const admin = await (await driver('watching')).admin();
    return async () => (await admin.describeGroups?.([groupId]))?.[0];
  };

  test('is its own: another one is refused, with who is there, and what to do', { timeout: MINUTES }, async () => {
    const group = await members('held');
    const first = await worker('held', 'one:8083', 0);
    await first.holding;
    await until(async () => (await group())?.state === 'Stable');
    const second = await worker('held', 'two:8083', 500);
    await expect(second.holding).rejects.toThrow(/^group.id=held has another worker: one:8083\./);
    expect(second.lines).toHaveLength(1);
    expect((await group())?.members).toHaveLength(1);
    expect(first.lost).toEqual([]);
  });

  test('goes to the next one when it ends, also while that waits', { timeout: MINUTES }, async () => {
    const group = await members('handed');
    const first = await worker('handed', 'one:8083', 0);
    await first.holding;
    await until(async () => (await group())?.state === 'Stable');
    const second = await worker('handed', 'two:8083', 30_000);
    await until(() => second.lines.length > 0);
    await first.kafka.close();
    await second.holding;
    await until(async () => (await group())?.state === 'Stable');
    expect((await group())?.members.map(({ clientId }) => clientId)).toEqual(['two:8083']);
    expect([first.lost, second.lost]).toEqual([[], []]);
  });

  test('is one of two that begin at once', { timeout: MINUTES }, async () => {
    const both = await Promise.all([worker('raced', 'one:8083', 0), worker('raced', 'two:8083', 0)]);
    await Promise.all(both.map(({ holding }) => holding));
    await until(() => both.some(({ lost }) => lost.length > 0));
    const [loser] = both.filter(({ lost }) => lost.length > 0);
    await loser?.kafka.close();
    const group = await members('raced');
    await until(async () => (await group())?.state === 'Stable');
    expect(both.filter(({ lost }) => lost.length > 0)).toHaveLength(1);
    expect(String(loser?.lost[0])).toMatch(/group.id=raced has another worker: (one|two):8083\./);
  });

  test("is not one that Connect's workers belong to, nor do they get into ours", { timeout: MINUTES }, async () => {
    const connect = (groupId: string, kafka: Driver) =>
      kafka.group?.({
        groupId,
        ...timing,
        protocolType: 'connect',
        protocols: () => [{ name: 'sessioned', metadata: new Uint8Array([0]) }],
        assign: (_, all) => new Map(all.map(({ memberId }) => [memberId, new Uint8Array()])),
        onAssigned: async () => undefined,
        onRevoked: async () => undefined,
      });
    const java = await driver('connect-1');
    await connect('java', java);
    // One that came after we had looked.
    const unseen = { admin: async () => ({ describeGroups: async () => [], close: async () => undefined }) };
    const blind = await driver('blind');
    const lost = Promise.withResolvers<unknown>();
    const options = { log: createLog(), stopped: new AbortController().signal, onLost: lost.resolve };
    const group = { groupId: 'java', workerId: 'one:8083', patienceMs: 0, ...timing };
    await holdGroup({ ...unseen, group: (member) => blind.group(member) }, group, options);
    expect(String(await lost.promise)).toContain(
      'group.id=java has another worker: one that speaks another protocol, as those of Connect do.',
    );
    const ours = await worker('java', 'one:8083', 0);
    await expect(ours.holding).rejects.toThrow('group.id=java has another worker: connect-1 on 127.0.0.1.');
    await java.close();
    const later = await worker('java', 'one:8083', 1_000);
    await later.holding;
    const described = await members('java');
    await until(async () => (await described())?.state === 'Stable');
    await expect(connect('java', await driver('connect-2'))).rejects.toMatchObject({ code: 23 });
    expect(later.lost).toEqual([]);
  });

  test('is not waited for once the worker is stopped', { timeout: MINUTES }, async () => {
    const first = await worker('stopped', 'one:8083', 0);
    await first.holding;
    const group = await members('stopped');
    await until(async () => (await group())?.state === 'Stable');
    const second = await worker('stopped', 'two:8083', 30_000);
    await until(() => second.lines.length > 0);
    second.stop.abort(new Error('stopped'));
    await expect(second.holding).rejects.toThrow('stopped');
  });
});
