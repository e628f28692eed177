import { concat, defer, EMPTY, map } from 'rxjs';
import { type Admin, type Driver, kafkaDriver, type Producer, type ProducerOptions } from 'sluice/kafka';
import { defineSink, type EncodedRecord, type Sink, writeInOrder } from 'sluice/sdk';
import { type TopicSinkConfig, topicSinkConfig } from './config.ts';
import { PartitionChoice } from './partition-choice.ts';
import { type CreationKeys, type MakeTopic, topicMaker, topicRules } from './topic-creation.ts';
import { writeRecords } from './write-records.ts';

/** Appends encoded records to topics, which are made where the broker allows it. */
export const kafkaTopicSink = defineSink({
  name: 'kafka-topic',
  summary: 'Appends encoded records to topics of Kafka or of the embedded broker.',
  config: topicSinkConfig,
  open: (config, context) =>
    defer(async () => {
      const driver = context.resource(kafkaDriver);
      const makeTopic = makerOf(config.creation, driver);
      return { producer: await driver.producer(producerOptions(config)), makeTopic };
    }).pipe(
      map(({ producer, makeTopic }) => {
        const { scheduler } = context;
        return sinkOf(producer, new PartitionChoice(producer, { scheduler, maxAgeMs: config['metadata.max.age.ms'], makeTopic }));
      }),
    ),
});

/** The connector's own rules replace those of the broker. The client is closed with the driver. */
function makerOf(creation: CreationKeys, driver: Driver): MakeTopic | undefined {
  if (Object.keys(creation).length === 0) return undefined;
  let admin: Promise<Admin> | undefined;
  return topicMaker(topicRules(creation), async () => {
    admin ??= driver.admin();
    try {
      return await admin;
    } catch (error) {
      // The broker was away: the next topic asks again.
      admin = undefined;
      throw error;
    }
  });
}

/** Records of one write: batches that wait for the write before are joined up to this. */
const maxRecords = 10_000;

function sinkOf(producer: Producer, choice: PartitionChoice): Sink<EncodedRecord> {
  const writer = writeInOrder((records: readonly EncodedRecord[]) => writeRecords(producer, choice, records), {
    maxRecords,
    stage: 'KAFKA_PRODUCE',
  });
  return {
    next: (batch) => writer.next(batch),
    flush: (reason) => writer.flush?.(reason),
    close: () =>
      concat(
        defer(() => writer.close?.() ?? EMPTY),
        defer(() => producer.close()),
      ),
  };
}

const producerOptions = (config: TopicSinkConfig): ProducerOptions => ({
  acks: acks[config.acks],
  compression: config['compression.type'],
  batchBytes: config['batch.size'],
  lingerMs: config['linger.ms'],
});

const acks = { all: 'all', '-1': 'all', '0': 0, '1': 1 } as const;
