import assert from 'node:assert/strict';
import { type DriverCase, needs, ofKind, readValues, records, uniqueName, within } from './bench.ts';

export const adminCases: readonly DriverCase[] = [
  {
    name: 'creates, lists and describes topics',
    unless: needs('createTopics', 'listTopics', 'describeTopics'),
    async run({ admin }) {
      const name = uniqueName('topic');
      const topic = { name, partitions: 2, replicationFactor: 1 };
      await admin.createTopics([topic], { validateOnly: true });
      assert.ok(!(await admin.listTopics()).includes(name));
      assert.deepEqual(await admin.createTopics([topic]), [{ name, created: true }]);
      assert.deepEqual(await admin.createTopics([topic]), [{ name, created: false }]);
      assert.ok((await admin.listTopics()).includes(name));
      const described = await admin.describeTopics([name, uniqueName('missing')]);
      assert.deepEqual(
        described.map((each) => [each.name, each.internal, each.partitions.map(({ partition }) => partition)]),
        [[name, false, [0, 1]]],
      );
    },
  },
  {
    name: 'refuses topics with an invalid name, partition count or setting',
    unless: needs('createTopics', 'listTopics'),
    async run({ admin }) {
      await assert.rejects(admin.createTopics([{ name: 'not a name', partitions: 1, replicationFactor: 1 }]), ofKind('invalid'));
      await assert.rejects(admin.createTopics([{ name: uniqueName('topic'), partitions: 0, replicationFactor: 1 }]), ofKind('invalid'));
      const name = uniqueName('topic');
      const configs = { 'retention.ms': 'soon' };
      await assert.rejects(admin.createTopics([{ name, partitions: 1, replicationFactor: 1, configs }]), ofKind('invalid'));
      assert.ok(!(await admin.listTopics()).includes(name));
    },
  },
  {
    name: 'deletes topics with their records',
    unless: needs('deleteTopics', 'describeTopics'),
    async run({ admin, topic, append, read }) {
      const name = await topic();
      await append(name, records('a'));
      const consumer = await read(name);
      await readValues(consumer, 1);
      await admin.deleteTopics([name]);
      await assert.rejects(consumer.next(within()), ofKind('unknown-topic'));
      assert.deepEqual(await admin.describeTopics([name]), []);
      await assert.rejects(admin.deleteTopics([name]), ofKind('unknown-topic'));
      await admin.createTopics([{ name, partitions: 1, replicationFactor: 1 }]);
      assert.equal(await append(name, records('new')), 0);
      assert.deepEqual(await readValues(await read(name), 1), ['new']);
    },
  },
  {
    name: 'adds partitions and never removes any',
    unless: needs('createPartitions'),
    async run({ admin, topic, append, producer }) {
      const name = await topic();
      await admin.createPartitions({ [name]: 3 });
      assert.equal(await producer.partitions(name), 3);
      assert.equal(await append(name, records('a'), 2), 0);
      await assert.rejects(admin.createPartitions({ [name]: 2 }), ofKind('invalid'));
    },
  },
  {
    name: 'changes settings of a topic, and takes them back to their default',
    unless: needs('topicConfigs', 'alterTopicConfigs'),
    async run({ admin, topic }) {
      const name = await topic({ configs: { 'cleanup.policy': 'compact', 'retention.ms': '1000' } });
      const settings = async () => (await admin.topicConfigs([name])).get(name);
      assert.equal((await settings())?.['cleanup.policy'], 'compact');
      await admin.alterTopicConfigs({ [name]: { 'retention.ms': '2000', 'cleanup.policy': null } });
      assert.deepEqual([(await settings())?.['cleanup.policy'], (await settings())?.['retention.ms']], ['delete', '2000']);
      await assert.rejects(admin.alterTopicConfigs({ [name]: { 'retention.ms': 'soon' } }), ofKind('invalid'));
      assert.equal((await settings())?.['retention.ms'], '2000');
    },
  },
  {
    name: 'finds offsets at both ends and by time',
    unless: needs('offsets'),
    async run({ admin, topic, append }) {
      const name = await topic({ configs: { 'retention.ms': '-1' } });
      const at = async (when: 'earliest' | 'latest' | number) =>
        (await admin.offsets([{ topic: name, partition: 0 }], when)).get(`${name}-0`);
      assert.deepEqual([await at('earliest'), await at('latest'), await at(0)], [0, 0, -1]);
      await append(name, [
        { key: 'a', value: '1', timestamp: 1000 },
        { key: 'b', value: '2', timestamp: 2000 },
      ]);
      await append(name, [{ key: 'c', value: '3', timestamp: 3000 }]);
      assert.deepEqual([await at('earliest'), await at('latest')], [0, 3]);
      assert.deepEqual([await at(0), await at(1001), await at(2000), await at(2001), await at(3001)], [0, 1, 1, 2, -1]);
    },
  },
  {
    name: 'deletes records before an offset',
    unless: needs('deleteRecords', 'offsets'),
    async run({ admin, topic, append, read }) {
      const name = await topic();
      await append(name, records('a', 'b', 'c'));
      await append(name, records('d'));
      await admin.deleteRecords(new Map([[`${name}-0`, 2]]));
      await admin.deleteRecords(new Map([[`${name}-0`, 1]]));
      assert.equal((await admin.offsets([{ topic: name, partition: 0 }], 'earliest')).get(`${name}-0`), 2);
      assert.deepEqual(await readValues(await read(name), 2), ['c', 'd']);
      await assert.rejects(admin.deleteRecords(new Map([[`${name}-0`, 9]])), ofKind('out-of-range'));
      await admin.deleteRecords(new Map([[`${name}-0`, -1]]));
      assert.equal((await admin.offsets([{ topic: name, partition: 0 }], 'earliest')).get(`${name}-0`), 4);
      assert.equal(await append(name, records('e')), 4);
      assert.deepEqual(await readValues(await read(name), 1), ['e']);
    },
  },
  {
    name: 'lists, sets and deletes offsets of groups',
    unless: needs('setGroupOffsets', 'groupOffsets', 'deleteGroupOffsets', 'deleteGroups', 'listGroups'),
    async run({ admin, topic, append, read }) {
      const name = await topic({ partitions: 2 });
      const group = uniqueName('group');
      await append(name, records('a', 'b', 'c'));
      await admin.setGroupOffsets(
        group,
        new Map([
          [`${name}-0`, 2],
          [`${name}-1`, 0],
        ]),
      );
      assert.deepEqual([...(await admin.groupOffsets(group))].sort(), [
        [`${name}-0`, 2],
        [`${name}-1`, 0],
      ]);
      assert.deepEqual(await readValues(await read(name, { groupId: group }), 1), ['c']);
      await admin.deleteGroupOffsets(group, [{ topic: name, partition: 1 }]);
      assert.deepEqual([...(await admin.groupOffsets(group))], [[`${name}-0`, 2]]);
      await admin.deleteGroups([group]);
      assert.deepEqual([...(await admin.groupOffsets(group))], []);
      assert.ok(!(await admin.listGroups()).includes(group));
    },
  },
  {
    name: 'ends the open transaction of a producer that it fences',
    unless: needs('fenceProducers'),
    async run({ admin, driver, topic, read }) {
      const name = await topic();
      const transactionalId = uniqueName('transactional');
      const producer = await driver.producer({ transactionalId });
      const transaction = await producer.begin?.();
      await transaction?.send([{ topic: name, partition: 0, records: records('never committed') }]);
      await admin.fenceProducers?.([transactionalId]);
      await assert.rejects(transaction?.commit() ?? Promise.resolve(), ofKind('fenced'));
      const consumer = await read(name, { isolation: 'committed' });
      await assert.rejects(consumer.next(within(300)), { name: 'TimeoutError' });
    },
  },
  {
    name: 'reads the access rules, where there are any',
    unless: needs('accessRules'),
    async run({ admin }) {
      assert.ok(Array.isArray(await admin.accessRules?.()));
    },
  },
];
