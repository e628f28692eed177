import { errorTable } from './error-table.ts';

export const storeErrors = errorTable('STORE', {
  NOT_COMPACTED: {
    message: ({ topic, policy, setting }: { topic: string; policy: string; setting: string }) =>
      `Topic ${topic} (${setting}) has cleanup.policy=${policy}; what it keeps would be lost to retention.`,
    remedy: ({ topic }: { topic: string; policy: string; setting: string }) =>
      `Set cleanup.policy=compact on ${topic}, or name another topic.`,
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
  OFFSET_FILE_WRITE: {
    message: ({ file, why }: { file: string; why: string }) =>
      `The offset file ${file} (offset.storage.file.filename) cannot be written: ${why}.`,
    remedy: 'Offsets stay uncommitted until a later write succeeds; nothing is lost. Check the folder and its free space.',
    retriable: true,
  },
});
