import { config, defineOperator, java, mapRecord, perTopic, regularExpression, string } from 'sluice/sdk';

/** Renames the topic of records whose whole topic fits a regular expression. */
export const regexRouter = defineOperator({
  name: 'regex-router',
  aliases: ['org.apache.kafka.connect.transforms.RegexRouter'],
  summary: 'Renames the topic of records whose topic fits a regular expression.',
  config: config({
    regex: string({
      importance: 'high',
      doc: 'Expression in the syntax of Java that the whole topic has to fit.',
      checks: [regularExpression],
    }),
    replacement: string({ importance: 'high', doc: 'The new topic; $1 or ${name} stand for groups of the expression.' }),
  }),
  touches: ['topic'],
  create: ({ regex, replacement }) => {
    const pattern = new java.JavaPattern(regex);
    // As in Connect, what is replaced is the first place that fits, which may be less than the whole.
    const routed = perTopic((topic) => (pattern.matches(topic) ? pattern.replaceFirst(topic, replacement) : topic));
    return mapRecord((record) => {
      const topic = routed(record.topic);
      return topic === record.topic ? record : { ...record, topic };
    });
  },
});
