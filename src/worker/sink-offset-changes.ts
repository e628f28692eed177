import { badRequest, RestError } from '../errors/rest-error.ts';
import { doubleText } from '../java/number-text.ts';
import { parseInteger } from '../java/parse-number.ts';
import type { TopicPartition } from '../kafka/driver.ts';
import type { OffsetChange } from '../sdk/source.ts';

/** Where a group is to go on; `null`: as if it had never read. */
export interface SinkOffset {
  readonly at: TopicPartition;
  readonly offset: number | null;
}

/** The offsets of a sink that a user wants to set, in the shape of Connect's REST; numbers may be texts. Refuses what is wrong in Connect's words. */
export const parseSinkOffsets = (connector: string, changes: readonly OffsetChange[]): readonly SinkOffset[] =>
  changes.map((change) => parse(connector, change));

function parse(connector: string, { partition, offset }: OffsetChange): SinkOffset {
  if (partition === null) throw badRequest('The partition for a sink connector offset cannot be null or missing');
  if (!Object.hasOwn(partition, 'kafka_topic') || !Object.hasOwn(partition, 'kafka_partition')) {
    throw badRequest("The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'");
  }
  const { kafka_topic: topic, kafka_partition: number } = partition;
  if (topic === null) throw badRequest('Kafka topic names must be valid strings and may not be null');
  if (number === null) throw badRequest('Kafka partitions must be valid numbers and may not be null');
  const at = { topic: textOf(topic), partition: integer(number, 32, 'partition', 'Partition') };
  if (offset === null) return { at, offset: null };
  if (!Object.hasOwn(offset, 'kafka_offset')) {
    throw badRequest("The offset for a sink connector should either be null or contain the key 'kafka_offset'");
  }
  const parsed = integer(offset['kafka_offset'], 64, 'offset', 'Offset');
  if (parsed < 0) throw new RestError(500, `Failed to modify offsets for sink connector ${connector}`);
  return { at, offset: parsed };
}

function integer(value: unknown, bits: 32 | 64, what: string, title: string): number {
  const parsed = parseInteger(textOf(value), bits);
  if (parsed !== undefined) return Number(parsed);
  const why = `'${textOf(value)}'. ${title} values for sink connectors need to be integers.`;
  throw badRequest(`Failed to parse the following Kafka ${what} value in the provided offsets: ${why}`);
}

/** As Java prints what its JSON parser makes of it. */
function textOf(value: unknown): string {
  if (value instanceof Number || (typeof value === 'number' && !Number.isInteger(value))) return doubleText(value.valueOf());
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
