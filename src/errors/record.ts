import { errorTable } from './error-table.ts';

interface Use {
  /** Node that made the mistake. */
  readonly node: string;
  readonly use: string;
}

/** Misuse of acks: bugs of a node, which fail its task. */
export const recordErrors = errorTable('RECORD', {
  ACK_SPENT: {
    message: ({ node, use, state }: Use & { readonly state: string }) =>
      `Node ${node} called ${use} on an ack that it had ${state} before.`,
    remedy: 'Use an ack once: settle it, or hand it on in one batch; fork it to give several nodes a share.',
  },
  ACK_BEGUN: {
    message: ({ node, use, settled, size }: Use & { readonly settled: number; readonly size: number }) =>
      `Node ${node} called ${use} on an ack of which ${settled} of ${size} records were settled before.`,
    remedy: 'Fork, gather or intercept an ack before any of its records is settled.',
  },
  INDEX_SETTLED: {
    message: ({ node, index }: { readonly node: string; readonly index: number }) =>
      `Node ${node} settled record ${index} of a batch twice.`,
    remedy: 'Settle each index once; settle() afterwards covers the others.',
  },
  INDEX_OUTSIDE: {
    message: ({ node, use, index, size }: Use & { readonly index: number; readonly size: number }) =>
      `Node ${node} called ${use} with record ${index} of a batch of ${size}.`,
    remedy: 'Indexes are positions in the records of the batch, from 0.',
  },
  EDGES_UNEQUAL: {
    message: ({ node }: { readonly node: string }) => `Node ${node} called gather with edges that do not describe rows of its acks.`,
    remedy:
      'Give `at` one more element than there are children, rising from 0 to the number of edges, and `ack` and `index` one element per edge.',
  },
  FOREIGN_ACK: {
    message: ({ use }: { readonly use: string }) => `${use} was given an ack that this runtime did not make.`,
    remedy: 'Pass on the ack of the batch, and load one copy of sluice only.',
  },
  NO_PARTITION: {
    message: ({ node }: { readonly node: string }) => `Source ${node} emitted a batch without partition.`,
    remedy: 'Set partition, or partitionAt for a batch of several partitions.',
  },
  NOTHING_GATHERED: {
    message: () => 'gather was called without acks.',
    remedy: 'Gather at least one ack.',
  },
});
