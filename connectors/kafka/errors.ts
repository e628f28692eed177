import { errorTable } from 'sluice/sdk';

/** What the topic source and sink can refuse. */
export const topicErrors = errorTable('TOPIC', {
  TOPIC_MISSING: {
    message: (facts: { readonly topic: string }) => `There is no topic ${facts.topic}, and the broker does not make it.`,
    remedy:
      'Make it, let the connector do so (topic.creation.default.partitions and .replication.factor), or set auto.create.topics.enable on the broker.',
  },
  NO_OFFSET: {
    message: (facts: { readonly why: string }) => `There is no offset to read from, and auto.offset.reset is none: ${facts.why}`,
    remedy: 'Set auto.offset.reset (consumer.override.auto.offset.reset of a connector) to earliest or latest, or change the offsets.',
  },
  CREATION_MISSING: {
    message: (facts: { readonly key: string }) => `Missing required configuration "${facts.key}" which has no default value.`,
    remedy: 'Set it, or leave all topic.creation. keys out to let the broker make topics.',
  },
  CREATION_COUNT: {
    message: (facts: { readonly key: string; readonly value: string }) => `${facts.key} is "${facts.value}", and must be 1 or more, or -1.`,
    remedy: 'Correct it; -1 takes what the broker is set to.',
  },
  CREATION_PATTERN: {
    message: (facts: { readonly key: string; readonly reason: string }) => `${facts.key} holds no regular expression: ${facts.reason}.`,
    remedy: 'Correct it: a list of patterns for whole names.',
  },
  STATE_NOT_KEPT: {
    message: (facts: { readonly group: string; readonly nodes: readonly string[] }) =>
      `Consumer group ${facts.group} keeps offsets, and cannot keep the state of ${facts.nodes.join(', ')} with them.`,
    remedy: 'Leave out operators that keep state, such as windows, behind a topic source.',
  },
});
