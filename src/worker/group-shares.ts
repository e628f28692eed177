import { consumerSettings } from '../kafka/kafkajs/settings.ts';
import { topicPattern } from '../kafka/topic-pattern.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { SourcePartition } from '../sdk/source.ts';
import type { Logger } from '../telemetry/log.ts';
import { type ClientOwner, clientProperties } from './client-properties.ts';
import { faultOf } from './fault.ts';
import type { Lent } from './lend-driver.ts';
import type { OffsetAnswer, OffsetQuestion } from './messages.ts';
import type { Shares, ShareTasks } from './shares.ts';
import { type Group, TaskMembership } from './task-membership.ts';

/** A sink, with the config of which a task of it was made. */
interface GroupOwner {
  readonly connector: string;
  readonly config: RawConfig;
}

export interface GroupSharesOptions {
  readonly lend: (owner: ClientOwner) => Promise<Lent>;
  readonly worker: RawConfig;
  readonly log: Logger;
  readonly tasks: ShareTasks;
}

const handOverMs = 30_000;
/** No reason to keep the task: a group gives up by itself whoever it does not hear of. */
const couldNotLeave = 'a task could not leave its consumer group: its partitions are free when its session is over';

/** The tasks of a sink as members of its consumer group: whoever else belongs to it gets its share too. */
export class GroupShares implements Shares {
  readonly #connector: string;
  readonly #options: GroupSharesOptions;
  readonly #members = new Map<number, TaskMembership>();
  readonly #leaving = new Map<number, Promise<void>>();

  /** @param connector the sink whose tasks they are */
  constructor(connector: string, options: GroupSharesOptions) {
    this.#connector = connector;
    this.#options = options;
  }

  found(task: number, _partitions: readonly SourcePartition[], config: RawConfig): void {
    if (this.#members.has(task)) return;
    try {
      this.#members.set(task, this.#join(task, config));
    } catch (error) {
      // A config that cannot be read concerns this task alone, not the worker that is asked for a share here.
      this.#options.tasks.fail(task, faultOf(error));
    }
  }

  holding(task: number, number: number): void {
    this.#members.get(task)?.holding(number);
  }

  stalled(task: number): void {
    this.#members.get(task)?.stalled();
  }

  moving(task: number): void {
    this.#members.get(task)?.moving();
  }

  left(task: number): Promise<void> {
    const member = this.#members.get(task);
    if (member !== undefined) {
      this.#members.delete(task);
      const leaving = member
        .leave()
        .catch((error: unknown) => this.#options.log.warn({ connector: this.#connector, task, error }, couldNotLeave))
        .finally(() => this.#leaving.delete(task));
      this.#leaving.set(task, leaving);
    }
    return this.#leaving.get(task) ?? Promise.resolve();
  }

  /** A task may ask for offsets before it has looked for partitions. */
  answer(task: number, question: OffsetQuestion, config: RawConfig): Promise<OffsetAnswer> {
    this.found(task, [], config);
    return this.#members.get(task)?.answer(question) ?? Promise.reject(new Error(`Task ${task} has left its group.`));
  }

  #join(task: number, config: RawConfig): TaskMembership {
    const { lend, worker, tasks } = this.#options;
    const owner = { connector: this.#connector, config, task };
    const properties = clientProperties(worker, owner).consumer;
    const { 'max.poll.interval.ms': rebalanceMs } = consumerSettings(properties);
    return new TaskMembership({
      group: groupOf(owner, properties['group.id']),
      driver: lend(owner),
      handOverMs: Math.min(handOverMs, rebalanceMs * 0.8),
      assign: (assignment) => tasks.assign(task, assignment),
      failed: (error) => tasks.fail(task, faultOf(error)),
    });
  }
}

function groupOf({ connector, config }: GroupOwner, groupId = `connect-${connector}`): Group {
  const regex = config['topics.regex'];
  if (typeof regex === 'string' && regex !== '') return { groupId, topics: topicPattern(regex) };
  const topics = String(config['topics'] ?? '').split(',');
  return { groupId, topics: [...new Set(topics.map((topic) => topic.trim()).filter((topic) => topic !== ''))] };
}
