import { errorTable } from './error-table.ts';

export const workerErrors = errorTable('WORKER', {
  NO_RESOURCE: {
    message: ({ pipeline, resource }: { pipeline: string; resource: string }) =>
      `A plugin of pipeline ${pipeline} asks for ${resource}, which does not exist here.`,
    remedy: 'Use a version of the plugin that was written for this version of Sluice.',
  },
  TWO_DRIVERS: {
    message: ({ pipeline, named }: { pipeline: string; named: readonly string[] }) =>
      `Pipeline ${pipeline} was given several brokers: options.${named.join(' and options.')}.`,
    remedy: 'Give one of options.driver, options.bootstrap and options.data.',
  },
  OFFSETS_REFUSED: {
    message: ({ why }: { why: string }) => `The worker could not keep the offsets of this task: ${why.replace(/\.$/, '')}.`,
    remedy: 'They are tried again with the next commit; nothing is lost.',
    retriable: true,
  },
  THREAD_BLOCKED: {
    message: ({ unit, silentMs, others }: { unit: string; silentMs: number; others: number }) =>
      `${unit} blocked its thread: there was no sign of life for ${silentMs} ms after its code was entered, the last of ${others + 1} on that thread.`,
    remedy:
      'Its plugin must not compute or wait synchronously for so long; give it a thread of its own with task.isolation=dedicated, or raise task.liveness.timeout.ms of the worker.',
  },
  THREAD_SILENT: {
    message: ({ unit, silentMs }: { unit: string; silentMs: number }) =>
      `The thread of ${unit} gave no sign of life for ${silentMs} ms before any of its tasks ran.`,
    remedy: 'A plugin module that blocks while it is imported does this: look at the modules listed as plugins.',
  },
  THREAD_OUT_OF_MEMORY: {
    message: ({ unit }: { unit: string }) => `${unit} ran its thread out of memory.`,
    remedy:
      'Raise task.heap.max (with task.isolation=dedicated, so that it cannot take others down), or let its plugin hold fewer records at once.',
  },
  THREAD_CRASHED: {
    message: ({ unit, why }: { unit: string; why: string }) => `The thread of ${unit} ended: ${why}.`,
    remedy: 'Its plugin must neither end the process nor the thread it runs on.',
  },
  UNCAUGHT: {
    message: ({ why }: { why: string }) => `A plugin threw where nobody could catch it: ${why}.`,
    remedy: 'The plugin must report errors through the Observable or promise that it returned.',
  },
  TOO_MANY_TASKS: {
    message: ({ connector, tasks, max }: { connector: string; tasks: number; max: number }) =>
      `The connector ${connector} has generated ${tasks} tasks, which is greater than ${max}, the maximum number of tasks it is configured to create.`,
    remedy: 'Raise tasks.max, or set tasks.max.enforce=false until the connector is corrected.',
  },
  NO_DEAD_LETTER: {
    message: ({ node }: { node: string }) =>
      `A record that ${node} failed cannot become a dead letter: what was consumed is no longer known of it.`,
    remedy:
      'An operator must copy a record with a spread when it changes it, so that it keeps its origin and offset; a sink must not release records that it may still fail.',
  },
  DEAD_LETTER_REFUSED: {
    message: ({ topic, why }: { topic: string; why: string }) =>
      `A dead letter could not be written to ${topic} (errors.deadletterqueue.topic.name): ${why}.`,
    remedy: 'Check that the topic takes records of that size from this user; then restart the task: nothing is lost.',
  },
  STATE_NOT_KEPT: {
    message: ({ group, nodes }: { group: string; nodes: readonly string[] }) =>
      `Consumer group ${group} keeps offsets, and cannot keep the state of ${nodes.join(', ')} with them.`,
    remedy: 'Leave out operators that keep state, such as windows, behind a topic.',
  },
  NOT_ASSIGNED: {
    message: ({ group, partition }: { group: string; partition: string }) =>
      `${partition} is not with this member of consumer group ${group} any more.`,
    remedy: 'Nothing is to be done: whoever reads it now repeats what was not committed.',
    retriable: true,
  },
  GROUP_TAKEN: {
    message: ({ group, members }: { group: string; members: readonly string[] }) =>
      `group.id=${group} has another worker: ${members.join(', ')}.`,
    remedy:
      'One worker runs all that a group has, so far: stop the other one first, Kafka Connect or Sluice; or give this one a group.id and storage topics of its own.',
  },
  CLOSING: {
    message: () => 'The worker is shutting down.',
    remedy: 'Ask again once it runs.',
  },
});
