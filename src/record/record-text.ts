import { javaText } from './java-text.ts';
import type { ConnectRecord } from './record.ts';
import type { Schema } from './schema.ts';
import { schemaText } from './schema-text.ts';

/** How Java prints a record in messages: with its content. */
export function recordText(record: ConnectRecord): string {
  const { topic, partition, key, keySchema, value, valueSchema, timestamp, headers } = record;
  const headerTexts = headers.map(
    (header) => `ConnectHeader(key=${header.key}, value=${javaText(header.value, header.schema)}, schema=${nullable(header.schema)})`,
  );
  const list = headerTexts.length === 0 ? '' : `[${headerTexts.join(', ')}]`;
  return (
    `${originText(record)} ConnectRecord{topic='${topic}', kafkaPartition=${partition}, key=${javaText(key, keySchema)}, ` +
    `keySchema=${nullable(keySchema)}, value=${javaText(value, valueSchema)}, valueSchema=${nullable(valueSchema)}, ` +
    `timestamp=${timestamp}, headers=ConnectHeaders(headers=${list})}`
  );
}

const nullable = (schema: Schema | null): string => (schema === null ? 'null' : schemaText(schema));

/** Where a source record came from is known to its source only. */
function originText({ origin, offset }: ConnectRecord): string {
  if (origin === null) return 'SourceRecord{sourcePartition={}, sourceOffset={}}';
  return (
    `SinkRecord{kafkaOffset=${offset}, timestampType=${origin.timestampType}, originalTopic=${origin.topic}, ` +
    `originalKafkaPartition=${origin.partition}, originalKafkaOffset=${offset}}`
  );
}
