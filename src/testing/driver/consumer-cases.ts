import assert from 'node:assert/strict';
import { type DriverCase, expectNothing, needs, ofKind, readValues, records, uniqueName, within } from './bench.ts';

export const consumerCases: readonly DriverCase[] = [
  {
    name: 'waits for records that are sent later',
    async run({ topic, append, read }) {
      const name = await topic();
      const consumer = await read(name);
      const waiting = consumer.next(within());
      await expectNothing(await read(name));
      await append(name, records('late'));
      assert.deepEqual(
        (await waiting).records.map((record) => record.valueText()),
        ['late'],
      );
    },
  },
  {
    name: 'rejects an aborted wait with the reason, and hands out later what came',
    async run({ topic, append, read }) {
      const name = await topic();
      const consumer = await read(name);
      await expectNothing(consumer);
      const reason = new Error('given up before');
      await assert.rejects(consumer.next(AbortSignal.abort(reason)), reason);
      await append(name, records('a', 'b'));
      assert.deepEqual(await readValues(consumer, 2), ['a', 'b']);
    },
  },
  {
    name: 'starts in the middle of a batch, and tells its position',
    async run({ topic, append, read }) {
      const name = await topic();
      await append(name, records('a', 'b', 'c'));
      const partition = { topic: name, partition: 0 };
      const consumer = await read(name);
      consumer.seek(partition, 1);
      assert.equal(consumer.position(partition), 1);
      const batch = await consumer.next(within());
      assert.deepEqual(
        batch.records.map((record) => [record.offset, record.valueText()]),
        [
          [1, 'b'],
          [2, 'c'],
        ],
      );
      assert.deepEqual(
        [batch.topic, batch.partition, batch.count, batch.firstOffset, batch.nextOffset, batch.highWatermark],
        [name, 0, 2, 1, 3, 3],
      );
      assert.equal(consumer.position(partition), 3);
    },
  },
  {
    name: 'seeks to offsets and to both ends',
    async run({ topic, append, read }) {
      const name = await topic();
      const partition = { topic: name, partition: 0 };
      await append(name, records('a'));
      await append(name, records('b'));
      const consumer = await read(name);
      assert.deepEqual(await readValues(consumer, 2), ['a', 'b']);
      consumer.seek(partition, 1);
      assert.deepEqual(await readValues(consumer, 1), ['b']);
      consumer.seek(partition, 'earliest');
      assert.deepEqual(await readValues(consumer, 2), ['a', 'b']);
      consumer.seek(partition, 'earliest');
      consumer.seek(partition, 'latest');
      await expectNothing(consumer);
      await append(name, records('c'));
      assert.deepEqual(await readValues(consumer, 1), ['c']);
    },
  },
  {
    name: 'reads from the end when reset is latest',
    async run({ topic, append, read }) {
      const name = await topic();
      await append(name, records('before'));
      const consumer = await read(name, { reset: 'latest' });
      await expectNothing(consumer);
      await append(name, records('after'));
      assert.deepEqual(await readValues(consumer, 1), ['after']);
    },
  },
  {
    name: 'goes where reset says when its position is out of range',
    async run({ topic, append, read }) {
      const name = await topic();
      const partition = { topic: name, partition: 0 };
      await append(name, records('a', 'b'));
      const earliest = await read(name);
      earliest.seek(partition, 99);
      assert.deepEqual(await readValues(earliest, 2), ['a', 'b']);
      const latest = await read(name, { reset: 'latest' });
      latest.seek(partition, 99);
      await expectNothing(latest);
      await append(name, records('c'));
      assert.deepEqual(await readValues(latest, 1), ['c']);
    },
  },
  {
    name: 'rejects a position that is missing or out of range when reset is error, and reads on after a seek',
    async run({ topic, append, read }) {
      const name = await topic();
      const partition = { topic: name, partition: 0 };
      await append(name, records('a'));
      const consumer = await read(name, { reset: 'error' });
      await assert.rejects(consumer.next(within()), ofKind('out-of-range'));
      consumer.seek(partition, 99);
      await assert.rejects(consumer.next(within()), ofKind('out-of-range'));
      consumer.seek(partition, 0);
      assert.deepEqual(await readValues(consumer, 1), ['a']);
    },
  },
  {
    name: 'keeps offsets for each group, and starts where its group is',
    unless: needs('listGroups'),
    async run({ topic, append, read, admin }) {
      const name = await topic();
      const groupId = uniqueName('group');
      const partition = { topic: name, partition: 0 };
      await append(name, records('a', 'b', 'c'));
      const first = await read(name, { groupId });
      assert.deepEqual([first.groupIdentity()?.groupId, (await first.committed([partition])).size], [groupId, 0]);
      await first.commit(new Map([[`${name}-0`, { offset: 1, metadata: 'm' }]]));
      await first.commit(new Map([[`${name}-0`, { offset: 2 }]]));
      assert.deepEqual([...(await first.committed([partition]))], [[`${name}-0`, { offset: 2 }]]);
      assert.deepEqual(await readValues(await read(name, { groupId }), 1), ['c']);
      const other = await read(name, { groupId: uniqueName('group') });
      assert.deepEqual(await readValues(other, 3), ['a', 'b', 'c']);
      assert.ok((await admin.listGroups()).includes(groupId));
    },
  },
  {
    name: 'keeps the leader epoch of what was read with the offset of a group, and goes on there',
    async run({ topic, append, read }) {
      const name = await topic();
      const partition = { topic: name, partition: 0 };
      await append(name, records('a', 'b'));
      const consumer = await read(name, { groupId: uniqueName('group') });
      const { nextOffset, leaderEpoch } = await consumer.next(within());
      await consumer.commit(new Map([[`${name}-0`, { offset: nextOffset, leaderEpoch }]]));
      const position = (await consumer.committed([partition])).get(`${name}-0`);
      assert.deepEqual(position, leaderEpoch === undefined ? { offset: 2 } : { offset: 2, leaderEpoch });
      consumer.seek(partition, position);
      await append(name, records('c'));
      assert.deepEqual(await readValues(consumer, 1), ['c']);
    },
  },
  {
    name: 'commits what is there, and nothing for a topic that is deleted, also when it is made again',
    async run({ topic, read, admin }) {
      const [kept, deleted] = [await topic(), await topic()];
      const partitions = [kept, deleted].map((name) => ({ topic: name, partition: 0 }));
      const consumer = await read(kept, { groupId: uniqueName('group') });
      await admin.deleteTopics([deleted]);
      await consumer.commit(new Map([kept, deleted].map((name) => [`${name}-0`, { offset: 7 }])));
      await admin.createTopics([{ name: deleted, partitions: 1, replicationFactor: 1 }]);
      assert.deepEqual([...(await consumer.committed(partitions))], [[`${kept}-0`, { offset: 7 }]]);
    },
  },
  {
    name: 'adds and removes partitions, and keeps the position of the others',
    async run({ topic, append, read }) {
      const name = await topic({ partitions: 2 });
      await append(name, records('a0'), 0);
      await append(name, records('b0'), 1);
      const consumer = await read(name, { partitions: [0] });
      assert.deepEqual(await readValues(consumer, 1), ['a0']);
      consumer.assign([
        { topic: name, partition: 0 },
        { topic: name, partition: 1 },
      ]);
      assert.deepEqual(await readValues(consumer, 1), ['b0']);
      consumer.assign([{ topic: name, partition: 1 }]);
      assert.deepEqual(consumer.assignment(), [{ topic: name, partition: 1 }]);
      await append(name, records('a1'), 0);
      await append(name, records('b1'), 1);
      assert.deepEqual(await readValues(consumer, 1), ['b1']);
      await expectNothing(consumer);
    },
  },
  {
    name: 'rejects reading a topic that is not there',
    async run({ read }) {
      const consumer = await read(uniqueName('missing'));
      await assert.rejects(consumer.next(within()), ofKind('unknown-topic'));
    },
  },
  {
    name: 'rejects a wait when it is closed, and every later call',
    async run({ topic, read }) {
      const consumer = await read(await topic());
      const waiting = assert.rejects(consumer.next(within()), ofKind('fatal'));
      await consumer.close();
      await waiting;
      await assert.rejects(consumer.next(within()), ofKind('fatal'));
      await consumer.close();
    },
  },
];
