import { config, definePredicate, java, notEmpty, perTopic, regularExpression, string } from 'sluice/sdk';

/** Holds for records whose whole topic fits a regular expression. */
export const topicNameMatches = definePredicate({
  name: 'topic-name-matches',
  aliases: ['org.apache.kafka.connect.transforms.predicates.TopicNameMatches'],
  summary: 'Holds for records whose topic fits a regular expression.',
  config: config({
    pattern: string({
      doc: 'Expression in the syntax of Java that the whole topic has to fit.',
      checks: [notEmpty, regularExpression],
    }),
  }),
  create: ({ pattern }) => {
    const compiled = new java.JavaPattern(pattern);
    const matches = perTopic((topic) => compiled.matches(topic));
    return ({ topic }) => matches(topic);
  },
});
