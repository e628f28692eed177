import { defer, EMPTY, from, ignoreElements, map, merge, race, Subject, timer } from 'rxjs';
import { type Admin, type Driver, DriverError, kafkaDriver, type Producer, type ProducerOptions } from 'sluice/kafka';
import { defineSink, type EncodedRecord, type Sink, writeConcurrently } from 'sluice/sdk';
import { type TopicSinkConfig, topicSinkConfig } from './config.ts';
import { PartitionChoice } from './partition-choice.ts';
import { type CreationKeys, type MakeTopic, topicMaker, topicRules } from './topic-creation.ts';
import { learnTopics, writeRecords } from './write-records.ts';

/** Appends encoded records to topics, which are made where the broker allows it. */
export const kafkaTopicSink = defineSink({
  name: 'kafka-topic',
  summary: 'Appends encoded records to topics of Kafka or of the embedded broker.',
  config: topicSinkConfig,
  open: (config, context) =>
    defer(() => {
      const { scheduler } = context;
      const driver = context.resource(kafkaDriver);
      const makeTopic = makerOf(config.creation, driver);
      const opening = driver.producer(producerOptions(config));
      const partitions = { partitions: async (topic: string) => (await opening).partitions(topic) };
      const choice = new PartitionChoice(partitions, { scheduler, maxAgeMs: config['metadata.max.age.ms'], makeTopic });
      const sink = sinkOf(opening, choice);
      // What is wrong with its settings, or with a login, is told at once. Brokers that are away are waited for by the writes.
      return race(from(opening), timer(openingMs, scheduler)).pipe(map(() => sink));
    }),
});

const openingMs = 1_000;

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

/** Records of one write: batches that wait for a write are joined up to this. */
const maxRecords = 10_000;
/** Writes under way at a time: while one waits for its answer, the next ones are encoded and sent. */
const concurrency = 5;

function sinkOf(opening: Promise<Producer>, choice: PartitionChoice): Sink<EncodedRecord> {
  const closed = new Subject<never>();
  let producer: Producer | undefined;
  const close = () => producer?.close({ timeoutMs: 0 });
  opening.then(
    (opened) => {
      producer = opened;
      if (closed.hasError) void close();
    },
    // Whoever writes is told.
    () => {},
  );
  let turn: Promise<unknown> = Promise.resolve();
  const write = (records: readonly EncodedRecord[]) => {
    // One after the other up to the sending, which keeps their order: none passes another whose topic must be asked for first.
    const learnt = turn.then(async () => [await opening, await learnTopics(choice, records)] as const);
    turn = learnt.catch(() => {});
    return race(
      learnt.then(([opened, unknown]) => writeRecords(opened, choice, records, unknown)),
      closed,
    );
  };
  const writer = writeConcurrently(write, { concurrency, ordered: true, maxRecords, stage: 'KAFKA_PRODUCE' });
  return {
    next: (batch) => writer.next(batch),
    flush: (reason) => writer.flush?.(reason),
    // After a drain nothing is open. Otherwise nobody waits for it any more, and what is written of it is written again.
    close: () =>
      defer(() => {
        const written = from(writer.close?.() ?? EMPTY);
        closed.error(new DriverError('fatal', 'The sink is closed.'));
        return merge(written, from(close() ?? EMPTY).pipe(ignoreElements()));
      }),
  };
}

const producerOptions = (config: TopicSinkConfig): ProducerOptions => ({
  acks: acks[config.acks],
  compression: config['compression.type'],
  batchBytes: config['batch.size'],
  lingerMs: config['linger.ms'],
});

const acks = { all: 'all', '-1': 'all', '0': 0, '1': 1 } as const;
