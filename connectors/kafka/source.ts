import { Observable, takeUntil } from 'rxjs';
import { kafkaDriver } from 'sluice/kafka';
import { type ConsumedRecord, defineSource, type SourceBatch } from 'sluice/sdk';
import { topicSourceConfig } from './config.ts';
import { groupOffsets } from './group-offsets.ts';
import { TopicSession } from './topic-session.ts';

/** The records of topics as bytes, of all partitions; the consumer group keeps the offsets. */
export const kafkaTopicSource = defineSource({
  name: 'kafka-topic',
  summary: 'Reads all partitions of topics of Kafka or of the embedded broker, as bytes.',
  config: topicSourceConfig,
  offsetStore: (config, context) => groupOffsets(context.resource(kafkaDriver), config['group.id']),
  open: (config, context) =>
    new Observable<SourceBatch<ConsumedRecord>>((subscriber) => {
      const session = new TopicSession(config, context, subscriber);
      subscriber.add(() => void session.close());
      session.start().catch((error: unknown) => subscriber.error(error));
    }).pipe(takeUntil(context.ending)),
});
