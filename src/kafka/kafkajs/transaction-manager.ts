import { DriverError, type GroupIdentity, partitionKey, type TopicPartition } from '../driver.ts';
import { Coordinator } from './coordinator.ts';
import type { Cluster } from './internals.ts';
import type { MetadataCache, MetadataSettings } from './metadata.ts';
import { initProducerId, NO_IDENTITY, type ProducerIdentity } from './requests/init-producer-id.ts';
import { addOffsets, addPartitions, commitOffsetsInTransaction, endTransaction, type TransactionOf } from './requests/transaction.ts';

const UNKNOWN_TOPIC = 3;
/** Said of the partitions beside one that is refused. */
const NOT_ATTEMPTED = 55;

export interface TransactionContext {
  readonly cluster: Cluster;
  readonly metadata: MetadataCache;
  readonly settings: MetadataSettings;
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number;
}

/**
 * Where a transactional id stands. `unclear`: the last transaction may be open, committed or aborted, or sequence numbers
 * may have gaps; the next begin asks for the next epoch, which aborts what is open and starts the numbers anew.
 */
export type TransactionState = 'new' | 'ready' | 'open' | 'ending' | 'unclear' | 'fenced';

const next = {
  initialised: { new: 'ready', ready: 'ready', unclear: 'ready' },
  begun: { ready: 'open' },
  ending: { open: 'ending' },
  ended: { ending: 'ready' },
  lost: { ending: 'unclear', ready: 'unclear' },
  fenced: { new: 'fenced', ready: 'fenced', open: 'fenced', ending: 'fenced', unclear: 'fenced', fenced: 'fenced' },
} as const satisfies Record<string, Partial<Record<TransactionState, TransactionState>>>;

/** The transactions of one transactional id: what is said to the coordinator, in which order. */
export class TransactionManager {
  readonly #context: TransactionContext;
  readonly #coordinator: Coordinator;
  readonly #groups = new Map<string, Coordinator>();
  #identity: ProducerIdentity = NO_IDENTITY;
  #state: TransactionState = 'new';
  #fencedBy: DriverError | undefined;
  readonly #added = new Set<string>();
  #adding = new Map<string, TopicPartition>();
  #addingNow: Promise<void> | undefined;
  /** Whether the coordinator was told of anything, so that it has to be told of the end. */
  #begunThere = false;

  constructor(context: TransactionContext) {
    this.#context = context;
    this.#coordinator = new Coordinator({ type: 'transaction', key: context.transactionalId }, context);
  }

  get state(): TransactionState {
    return this.#state;
  }

  get identity(): ProducerIdentity {
    return this.#identity;
  }

  /** The first time fences others and aborts what they left open; later goes to the next epoch. */
  async initialise(): Promise<ProducerIdentity> {
    const { transactionalId, transactionTimeoutMs } = this.#context;
    this.#demand('initialised');
    const request = { transactionalId, transactionTimeoutMs, current: this.#identity };
    const { id, epoch } = await this.#fencing(this.#coordinator.call(initProducerId, request, ({ errorCode }) => [errorCode]));
    this.#identity = { id, epoch };
    this.#move('initialised');
    return this.#identity;
  }

  begin(): void {
    this.#move('begun');
    this.#added.clear();
    this.#adding.clear();
    this.#begunThere = false;
  }

  /** Whether the partition belongs to the open transaction; if not, it is added, and `then` is called. */
  admits(tp: TopicPartition, then: (error?: DriverError) => void): boolean {
    const key = partitionKey(tp);
    if (this.#added.has(key)) return true;
    if (this.#state !== 'open') return false;
    this.#adding.set(key, tp);
    if (this.#addingNow === undefined) {
      this.#addingNow = Promise.resolve()
        .then(() => this.#addPartitions())
        .finally(() => {
          this.#addingNow = undefined;
        });
      this.#addingNow.then(
        () => then(),
        (error: unknown) => then(error instanceof DriverError ? error : new DriverError('fatal', String(error), { cause: error })),
      );
    }
    return false;
  }

  async sendOffsets(group: GroupIdentity, offsets: ReadonlyMap<string, number>): Promise<void> {
    this.#demand('ending');
    const { groupId, generation = -1, memberId = '' } = group;
    this.#begunThere = true;
    await this.#fencing(this.#coordinator.call(addOffsets, { ...this.#transaction, groupId }, ({ errorCode }) => [errorCode]));
    const parts = [...offsets].map(([key, offset]) => ({ ...parseKey(key), offset }));
    const topics = [...Map.groupBy(parts, ({ topic }) => topic)].map(([topic, partitions]) => ({ topic, partitions }));
    const request = { ...this.#transaction, groupId, generation, memberId, topics };
    await this.#fencing(this.#group(groupId).call(commitOffsetsInTransaction, request, partitionErrors));
  }

  /** Ends the open transaction. After a rejection it is unknown how it ended. */
  async end(commit: boolean): Promise<void> {
    this.#move('ending');
    await this.#addingNow?.catch(() => {});
    try {
      if (this.#begunThere)
        await this.#fencing(this.#coordinator.call(endTransaction, { ...this.#transaction, commit }, ({ errorCode }) => [errorCode]));
      this.#move('ended');
    } catch (error) {
      if (this.#state !== 'fenced') this.#move('lost');
      throw error;
    }
  }

  /** Sequence numbers may have gaps: the next begin starts them anew. */
  doubt(): void {
    if (this.#state === 'ready') this.#move('lost');
  }

  fence(error: DriverError): void {
    this.#fencedBy ??= error;
    this.#move('fenced');
  }

  get #transaction(): TransactionOf {
    return { transactionalId: this.#context.transactionalId, ...this.#identity };
  }

  async #addPartitions(): Promise<void> {
    const partitions = [...this.#adding.values()];
    this.#adding = new Map();
    this.#begunThere = true;
    // The topics exist: the coordinator may be the last broker to hear of them.
    const passes = ({ retriable, code }: DriverError) => retriable || code === UNKNOWN_TOPIC;
    await this.#fencing(this.#coordinator.call(addPartitions, { ...this.#transaction, partitions }, partitionErrors, passes));
    for (const tp of partitions) this.#added.add(partitionKey(tp));
  }

  #group(groupId: string): Coordinator {
    const known = this.#groups.get(groupId) ?? new Coordinator({ type: 'group', key: groupId }, this.#context);
    this.#groups.set(groupId, known);
    return known;
  }

  async #fencing<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof DriverError) || error.kind !== 'fenced') throw error;
      const { transactionalId, transactionTimeoutMs } = this.#context;
      // A coordinator answers the same in both cases. To go on would take the id from whoever has it now.
      const fenced = new DriverError(
        'fenced',
        `${error.message} Another producer has taken transactional id ${transactionalId}, or its transaction took longer than transaction.timeout.ms of ${transactionTimeoutMs}. Close this producer; if it is the rightful one, open another.`,
        { cause: error, ...(error.code === undefined ? {} : { code: error.code }) },
      );
      this.fence(fenced);
      throw fenced;
    }
  }

  #demand(event: keyof typeof next): TransactionState {
    const table: Partial<Record<TransactionState, TransactionState>> = next[event];
    const state = table[this.#state];
    if (state !== undefined) return state;
    if (this.#fencedBy !== undefined) throw this.#fencedBy;
    throw new DriverError('invalid', `The transaction of ${this.#context.transactionalId} cannot be ${event}: it is ${this.#state}.`);
  }

  #move(event: keyof typeof next): void {
    this.#state = this.#demand(event);
  }
}

const partitionErrors = (answer: { readonly partitions: readonly { readonly errorCode: number }[] }): readonly number[] =>
  answer.partitions.map(({ errorCode }) => errorCode).filter((code) => code !== NOT_ATTEMPTED);

function parseKey(key: string): TopicPartition {
  const dash = key.lastIndexOf('-');
  return { topic: key.slice(0, dash), partition: Number(key.slice(dash + 1)) };
}
