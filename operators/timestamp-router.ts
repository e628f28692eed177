import { config, dataException, defineOperator, java, mapRecord, recordText, string } from 'sluice/sdk';

/** Renames the topic by the record's topic and timestamp. */
export const timestampRouter = defineOperator({
  name: 'timestamp-router',
  aliases: ['org.apache.kafka.connect.transforms.TimestampRouter'],
  summary: "Renames the topic by the record's topic and timestamp.",
  config: config({
    'topic.format': string({
      default: '${topic}-${timestamp}',
      importance: 'high',
      doc: 'The new topic; ${topic} and ${timestamp} stand for those of the record.',
    }),
    'timestamp.format': string({
      default: 'yyyyMMdd',
      importance: 'high',
      doc: "How the timestamp is written, as a pattern of Java's SimpleDateFormat; in UTC.",
    }),
  }),
  touches: ['topic', 'timestamp'],
  create: ({ 'topic.format': topicFormat, 'timestamp.format': pattern }, { scheduler }) => {
    let format: java.SimpleDateFormat | undefined;
    return mapRecord((record) => {
      const { timestamp } = record;
      if (timestamp === null) throw dataException(`Timestamp missing on record: ${recordText(record)}`);
      // A pattern that is none fails the first record, as in Connect, not the start.
      format ??= new java.SimpleDateFormat(pattern, scheduler.now());
      const written = format.format(timestamp);
      const topic = topicFormat.replaceAll('${topic}', () => record.topic).replaceAll('${timestamp}', () => written);
      return { ...record, topic };
    });
  },
});
