import { errorTable } from 'sluice/sdk';

/** What the topic source and sink can refuse. */
export const topicErrors = errorTable('TOPIC', {
  BAD_REGEX: {
    message: (facts: { readonly regex: string; readonly reason: string }) =>
      `topics.regex of the topic source is "${facts.regex}", which is no regular expression: ${facts.reason}.`,
    remedy: 'Correct topics.regex, or name the topics in topics.',
  },
  STATE_NOT_KEPT: {
    message: (facts: { readonly group: string; readonly nodes: readonly string[] }) =>
      `Consumer group ${facts.group} keeps offsets, and cannot keep the state of ${facts.nodes.join(', ')} with them.`,
    remedy: 'Leave out operators that keep state, such as windows, behind a topic source.',
  },
});
