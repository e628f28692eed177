import { describe, test } from 'vitest';
import { kafkaTopicSink, kafkaTopicSource } from '../../../connectors/kafka/index.ts';
import { sinkContract, sourceContract } from '../../../src/testing/index.ts';
import { testBroker } from './broker.ts';

describe('the topic source', () => {
  const cases = sourceContract(kafkaTopicSource, async () => {
    const { admin, append, resources, close } = await testBroker();
    await admin.createTopics([{ name: 'in', partitions: 2 }]);
    let next = 0;
    return {
      config: { topics: 'in', 'group.id': 'g' },
      resources,
      async produce(ids) {
        // In small record batches of both partitions, so that a source gets several to hand on.
        for (let at = 0; at < ids.length; at += 3) await append('in', next++ % 2, ids.slice(at, at + 3));
      },
      idOf: (record) => record.valueText() ?? '',
      broken: { topics: 'in', 'group.id': 'g', 'auto.offset.reset': 'none' },
      close,
    };
  });
  for (const { name, run } of cases) test(name, ({ skip }) => run().then((answer) => skip(answer !== undefined, answer?.skipped)));
});

describe('the topic sink', () => {
  const cases = sinkContract(kafkaTopicSink, async () => {
    const { admin, values, resources, close } = await testBroker();
    await admin.createTopics([{ name: 'out', configs: { 'max.message.bytes': '20000' } }]);
    const record = (value: string) => ({ topic: 'out', partition: null, key: null, value, headers: undefined, timestamp: undefined });
    return {
      config: {},
      resources,
      record,
      written: async () => (await values('out')).map(String),
      poison: () => record('x'.repeat(30_000)),
      close,
    };
  });
  for (const { name, run } of cases) test(name, ({ skip }) => run().then((answer) => skip(answer !== undefined, answer?.skipped)));
});
