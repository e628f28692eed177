import { errorTable } from './error-table.ts';

export const storeErrors = errorTable('STORE', {
  NOT_COMPACTED: {
    message: ({ topic, policy, setting }: { topic: string; policy: string; setting: string }) =>
      `Topic ${topic} (${setting}) has cleanup.policy=${policy}; what it keeps would be lost to retention.`,
    remedy: ({ topic }: { topic: string; policy: string; setting: string }) =>
      `Set cleanup.policy=compact on ${topic}, or name another topic.`,
  },
  NOT_MADE: {
    message: ({ topic, setting, why }: { topic: string; setting: string; why: string }) =>
      `Topic ${topic} (${setting}) cannot be made: ${why}.`,
    remedy: ({ setting }: { topic: string; setting: string; why: string }) =>
      `Set ${setting.replace(/topic$/, 'replication.factor')} to no more than the number of brokers, or make the topic yourself with cleanup.policy=compact.`,
  },
  SEVERAL_PARTITIONS: {
    message: ({ topic, setting, partitions }: { topic: string; setting: string; partitions: number }) =>
      `Topic '${topic}' supplied via the '${setting}' property is required to have a single partition in order to guarantee consistency of connector configurations, but found ${partitions} partitions.`,
    remedy: 'Name another topic.',
  },
  WRITE_LATE: {
    message: ({ topic, limitMs }: { topic: string; limitMs: number }) =>
      `What was written to topic ${topic} could not be read back within ${limitMs} ms.`,
    remedy: 'It may have been written: look at the connector, and ask again once the broker answers.',
    retriable: true,
  },
  WRITE_FAILED: {
    message: ({ topic, why }: { topic: string; why: string }) => `Topic ${topic} refused a write: ${why}.`,
    remedy: 'Offsets stay uncommitted until a later write succeeds; nothing is lost.',
    retriable: true,
  },
  READ_FAILED: {
    message: ({ topic, why }: { topic: string; why: string }) => `Topic ${topic} could not be read: ${why}.`,
    remedy: 'Start again once the broker answers.',
    retriable: true,
  },
  OFFSET_FILE: {
    message: ({ file, why }: { file: string; why: string }) =>
      `The offset file ${file} (offset.storage.file.filename) cannot be used: ${why}.`,
    remedy: 'Name the file that a standalone worker wrote, or another one to begin anew: all sources then start from their beginning.',
  },
  OFFSET_FOLDER: {
    message: ({ file, why }: { file: string; why: string }) =>
      `The offset file ${file} (offset.storage.file.filename) cannot be written to its folder: ${why}.`,
    remedy: 'Make the folder, let the user of this worker write to it, or name a file elsewhere.',
  },
  OFFSET_FILE_WRITE: {
    message: ({ file, why }: { file: string; why: string }) =>
      `The offset file ${file} (offset.storage.file.filename) cannot be written: ${why}.`,
    remedy: 'Offsets stay uncommitted until a later write succeeds; nothing is lost. Check the folder and its free space.',
    retriable: true,
  },
});
