import { DriverError, type Position } from '../../driver.ts';
import { brokerError, readingError } from '../error-codes.ts';
import { askOffsets } from '../group-offsets.ts';
import { ask, backoffMs, type Link } from '../link.ts';
import { noPartition } from '../metadata.ts';
import { EARLIEST, LATEST, listOffsets, offsetForLeaderEpoch } from '../requests/offsets.ts';
import { driverError } from '../send-request.ts';
import type { Cursor } from './cursor.ts';
import { Refusals } from './refusals.ts';

export type Reset = 'earliest' | 'latest' | 'error';

export interface PreparationOptions {
  readonly link: Link;
  readonly groupId: string | undefined;
  readonly reset: Reset;
  readonly isolation: 'committed' | 'uncommitted';
  /** Something was found out, or could not be. */
  readonly changed: () => void;
  /** The partition cannot be fetched as it is. */
  readonly unready: (cursor: Cursor) => void;
  /** What was fetched of the partition is not there any more: forget what is buffered. */
  readonly truncated: (cursor: Cursor) => void;
}

/** A topic that was just made is not known to every broker at once. */
const MISSING_MS = 1_000;
/** Partitions whose pauses end within this time are asked about together. */
const TOGETHER_MS = 100;
const UNKNOWN_TOPIC = 3;
const LEADER_NOT_AVAILABLE = 5;
/** Some seconds with the pauses of Kafka's defaults. */
const BEHIND_ATTEMPTS = 5;

/**
 * Finds out what partitions need before they can be fetched: the leader, whether what was read is still there, and the position.
 *
 * Each has its own pauses and failures: a partition that cannot be had does not hold up another.
 */
export class Preparation {
  readonly #options: PreparationOptions;
  readonly #link: Link;
  /** Of partitions that are tried again. */
  readonly refusals: Refusals;

  constructor(options: PreparationOptions) {
    this.#options = options;
    this.#link = options.link;
    this.refusals = new Refusals(options.link.log);
  }

  /** Takes the next step for each of these; they are busy until it is done. */
  start(cursors: readonly Cursor[]): void {
    const leaderless = cursors.filter(({ leader }) => leader === undefined);
    const led = cursors.filter(({ leader }) => leader !== undefined);
    this.#run(leaderless, () => this.learn(leaderless));
    const lost = led.filter(({ unchecked }) => unchecked);
    for (const [leader, group] of byLeader(lost)) this.#run(group, () => this.#checkEpochs(leader, group));
    const placeless = led.filter(({ unchecked, fetchAt }) => !unchecked && fetchAt === undefined);
    const committed = placeless.filter(({ wanted }) => wanted === 'committed');
    this.#run(committed, () => this.#findCommitted(committed));
    const ends = placeless.filter((cursor) => cursor.wanted !== 'committed' && !this.#refuseReset(cursor));
    for (const [leader, group] of byLeader(ends)) this.#run(group, () => this.#findEnds(leader, group));
  }

  /** Asks for the leaders of all of these. */
  async learn(cursors: readonly Cursor[]): Promise<void> {
    const { metadata } = this.#link;
    await metadata.ask([...new Set(cursors.map(({ partition }) => partition.topic))]);
    for (const cursor of cursors) {
      const leader = metadata.leader(cursor.partition);
      if (leader !== undefined) cursor.lead(leader);
      else this.#missing(cursor);
    }
  }

  /** The offset that was asked for is not there: goes where the policy says. */
  outOfRange(cursor: Cursor, facts: string): void {
    const { reset, unready } = this.#options;
    unready(cursor);
    if (reset !== 'error') {
      cursor.fetchAt = undefined;
      cursor.wanted = reset;
      cursor.epoch = -1;
      return;
    }
    cursor.failure = new DriverError(
      'out-of-range',
      `Offset ${cursor.fetchAt} of ${cursor.key} is out of range${facts}. Seek to another, or set reset to earliest or latest.`,
      { code: 1 },
    );
  }

  /** A refusal that concerns one partition: it is asked again later, or its reader is told. */
  refused(cursor: Cursor, error: DriverError): void {
    if (error.kind === 'retriable' || error.kind === 'unknown-topic') cursor.leader = undefined;
    else cursor.failure = error;
    // Brokers that cannot be reached are told of by their connections.
    if (error.retriable && error.code !== undefined) this.refusals.refused(cursor, error);
    this.#options.unready(cursor);
    this.backOff(cursor);
  }

  /** It was answered by its leader. */
  served(cursor: Cursor): void {
    cursor.attempts = 0;
    this.refusals.served(cursor);
  }

  backOff(cursor: Cursor): void {
    const at = performance.now() + backoffMs(this.#link.settings, cursor.attempts++);
    cursor.notBefore = Math.ceil(at / TOGETHER_MS) * TOGETHER_MS;
  }

  #run(cursors: readonly Cursor[], step: () => Promise<void>): void {
    if (cursors.length === 0) return;
    for (const cursor of cursors) cursor.busy = true;
    step()
      .catch((error: unknown) => {
        const failed = driverError(error, 'Preparing to fetch');
        for (const cursor of cursors) this.refused(cursor, failed);
      })
      .finally(() => {
        for (const cursor of cursors) cursor.busy = false;
        this.#options.changed();
      });
  }

  #missing(cursor: Cursor): void {
    const { topic } = cursor.partition;
    const code = this.#link.metadata.errorCode(topic) ?? UNKNOWN_TOPIC;
    const error = code === 0 ? this.#unled(cursor) : brokerError(code, `topic ${topic}`);
    const now = performance.now();
    cursor.leader = undefined;
    if (error?.kind === 'unknown-topic') {
      cursor.missingSince ??= now;
      if (now - cursor.missingSince >= MISSING_MS) {
        cursor.failure = error;
        cursor.missingSince = undefined;
      }
    } else if (error?.retriable === true) this.refusals.refused(cursor, error);
    else cursor.failure = error;
    this.backOff(cursor);
  }

  #unled({ partition, key }: Cursor): DriverError | undefined {
    const known = this.#link.metadata.known(partition.topic)?.partitions[partition.partition];
    return known === undefined ? noPartition(partition) : brokerError(LEADER_NOT_AVAILABLE, `to tell the leader of ${key}`);
  }

  /** With the policy `error` a partition has no position but one that is sought. */
  #refuseReset(cursor: Cursor): boolean {
    if (cursor.wanted !== 'reset' || this.#options.reset !== 'error') return false;
    cursor.failure = new DriverError(
      'out-of-range',
      `There is no position for ${cursor.key}, and none is to be chosen (reset: error). Seek to an offset, or set reset to earliest or latest.`,
      { code: 1 },
    );
    this.#options.changed();
    return true;
  }

  async #findCommitted(cursors: readonly Cursor[]): Promise<void> {
    const { groupId, isolation } = this.#options;
    const versions = cursors.map(({ version }) => version);
    const partitions = cursors.map(({ partition }) => partition);
    const offsets =
      groupId === undefined
        ? new Map<string, Position>()
        : await askOffsets(this.#link, { groupId, partitions, stable: isolation === 'committed' });
    for (const [at, cursor] of cursors.entries()) {
      const position = offsets.get(cursor.key);
      if (cursor.version !== versions[at]) continue;
      if (position === undefined) cursor.wanted = 'reset';
      else cursor.found(position.offset, position.leaderEpoch);
    }
  }

  async #findEnds(leader: number, cursors: readonly Cursor[]): Promise<void> {
    const versions = new Map(cursors.map(({ key, version }) => [key, version]));
    const partitions = cursors.map(({ partition, leader: led, wanted }) => {
      const end = wanted === 'earliest' || wanted === 'latest' ? wanted : this.#options.reset;
      return { ...partition, leaderEpoch: led?.leaderEpoch ?? -1, time: end === 'earliest' ? EARLIEST : LATEST };
    });
    // The end for a reader of committed records is where the first open transaction begins: its records come later.
    const { isolation } = this.#options;
    const answer = await ask(this.#link, () => this.#link.metadata.broker(leader), listOffsets, { isolation, partitions });
    this.#each(cursors, answer.partitions, (cursor, { offset }) => {
      if (cursor.version === versions.get(cursor.key)) cursor.found(offset);
    });
  }

  /** What the leader does not have was cut off: the position goes back to where its log and that which was read agree. */
  async #checkEpochs(leader: number, cursors: readonly Cursor[]): Promise<void> {
    const versions = new Map(cursors.map(({ key, version }) => [key, version]));
    const partitions = cursors.map(({ partition, leader: led, epoch }) => ({ ...partition, currentEpoch: led?.leaderEpoch ?? -1, epoch }));
    const answer = await ask(this.#link, () => this.#link.metadata.broker(leader), offsetForLeaderEpoch, { partitions });
    this.#each(cursors, answer.partitions, (cursor, { endOffset }) => {
      if (cursor.version !== versions.get(cursor.key)) return;
      if (endOffset < 0 && isBehind(cursor)) return this.refused(cursor, formerLeader(cursor));
      const lost = endOffset < (cursor.fetchAt ?? 0);
      // Refused again until it is sought: other records are at this offset now.
      cursor.unchecked = lost && this.#options.reset === 'error';
      if (!lost) return;
      if (endOffset < 0 || this.#options.reset === 'error') this.outOfRange(cursor, ': its records were lost with a former leader');
      else {
        this.#options.truncated(cursor);
        cursor.seek(Math.min(endOffset, cursor.position ?? endOffset));
      }
    });
  }

  #each<A extends { readonly topic: string; readonly partition: number; readonly errorCode: number }>(
    cursors: readonly Cursor[],
    answers: readonly A[],
    use: (cursor: Cursor, answer: A) => void,
  ): void {
    const byKey = new Map(cursors.map((cursor) => [cursor.key, cursor]));
    for (const answer of answers) {
      const cursor = byKey.get(`${answer.topic}-${answer.partition}`);
      const error = readingError(answer.errorCode, `to tell offsets of ${cursor?.key}`);
      if (cursor === undefined) continue;
      if (error === undefined) use(cursor, answer);
      else this.refused(cursor, error);
    }
  }
}

/** Whether brokers may not know yet of the leader that took what was read. A topic that was made anew has such epochs for ever. */
const isBehind = ({ leader, epoch, attempts }: Cursor): boolean => (leader?.leaderEpoch ?? -1) < epoch && attempts < BEHIND_ATTEMPTS;

const formerLeader = ({ key, epoch }: Cursor): DriverError =>
  new DriverError('retriable', `The leader of ${key} that took what was read, of epoch ${epoch}, is not known to the brokers yet.`, {
    code: 75,
  });

const byLeader = (cursors: readonly Cursor[]): ReadonlyMap<number, Cursor[]> => Map.groupBy(cursors, ({ leader }) => leader?.leader ?? -1);
