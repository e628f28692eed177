import type { RawConfig } from '../sdk/config.ts';
import type { SourcePartition } from '../sdk/source.ts';
import type { ConnectorHost } from './connector-host.ts';
import { GroupShares } from './group-shares.ts';
import type { Assignment, Fault, OffsetAnswer, OffsetQuestion, PartitionRule } from './messages.ts';
import { SinkShares } from './sink-shares.ts';

/** Who tells the tasks of a sink which partitions they read. */
export interface Shares {
  /** A task looked for partitions: from then on it takes part, as a client by the connector's config of which it was made. */
  found(task: number, partitions: readonly SourcePartition[], config: RawConfig): void;
  /** A task has taken up an assignment, and let go of everything else. */
  holding(task: number, number: number, partitions: readonly SourcePartition[]): void;
  /** A task holds records and stands still. */
  stalled?(task: number): void;
  /** It goes on. */
  moving?(task: number): void;
  /** A task has ended: what it had is free once this resolves, which it always does. */
  left(task: number): Promise<void>;
  /** Keeps the offsets of a task; absent where the worker's store does. */
  answer?(task: number, question: OffsetQuestion, config: RawConfig): Promise<OffsetAnswer>;
}

/** What shares need of the tasks. */
export interface ShareTasks {
  assign(task: number, assignment: Assignment): void;
  fail(task: number, fault: Fault): void;
}

/** How long a task may take to write what it has read of partitions that another task of this connector gets. */
const handOverMs = 5_000;

export const partitionRule = ({ groups }: ConnectorHost, type: string, tasks: number): PartitionRule => {
  if (type !== 'sink') return 'all';
  if (groups !== undefined) return 'group';
  return tasks > 1 ? 'shared' : 'all';
};

/** On a Kafka cluster each task is a member of the consumer group; else the tasks divide the partitions among them. */
export function makeShares(connector: string, { groups, worker, log }: ConnectorHost, tasks: ShareTasks): Shares {
  if (groups !== undefined) return new GroupShares(connector, { lend: groups, worker, log, tasks });
  const shares = new SinkShares((task, number, partitions) =>
    tasks.assign(task, { number, partitions, why: 'rebalance', deadlineMs: handOverMs }),
  );
  return {
    found: (task, partitions) => shares.found(task, partitions),
    holding: (task, number, partitions) => shares.holding(task, number, partitions),
    left: async (task) => shares.left(task),
  };
}
