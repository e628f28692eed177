import { DriverError } from '../driver.ts';
import { brokerError } from './error-codes.ts';
import type { Broker, Cluster } from './internals.ts';
import type { MetadataCache, MetadataSettings } from './metadata.ts';
import { findCoordinator } from './requests/find-coordinator.ts';
import { driverError, type Request, sendRequest } from './send-request.ts';

/** The same transaction, or one before it, is still being ended: over in milliseconds. */
const CONCURRENT_TRANSACTIONS = 51;
const CONCURRENT_WAIT_MS = { first: 2, most: 50 };

/** The broker that looks after a group or a transactional id: found once, and again when it has moved. */
export class Coordinator {
  readonly #cluster: Cluster;
  readonly #metadata: MetadataCache;
  readonly #settings: MetadataSettings;
  readonly #of: { readonly type: 'group' | 'transaction'; readonly key: string };
  #node: number | undefined;

  constructor(
    of: { readonly type: 'group' | 'transaction'; readonly key: string },
    context: { readonly cluster: Cluster; readonly metadata: MetadataCache; readonly settings: MetadataSettings },
  ) {
    this.#of = of;
    this.#cluster = context.cluster;
    this.#metadata = context.metadata;
    this.#settings = context.settings;
  }

  /** Connected. Rejects with what the broker said that was asked for it, such as `auth` where there is no right to the group. */
  async broker(): Promise<Broker> {
    this.#node ??= await this.#find();
    return this.#metadata.broker(this.#node);
  }

  /** It is looked for again before the next use. */
  forget(): void {
    this.#node = undefined;
  }

  /**
   * Sends a request until it is answered without an error that passes, for as long as a call may take.
   *
   * Rejects with what the broker said, or `retriable` when time ran out: whether the request had its effect is then unknown.
   */
  async call<Q, A>(
    kind: Request<Q, A>,
    request: Q,
    codesOf: (answer: A) => readonly number[],
    passes: (error: DriverError) => boolean = ({ retriable }) => retriable,
  ): Promise<A> {
    const deadline = performance.now() + this.#settings.callTimeoutMs;
    for (let attempt = 0; ; attempt++) {
      const { answer, error } = await this.#try(kind, request, codesOf);
      if (error === undefined) return answer;
      if (!passes(error) || performance.now() > deadline) throw error;
      const quick = error.code === CONCURRENT_TRANSACTIONS;
      if (!quick) this.forget();
      const { first, most } = quick
        ? CONCURRENT_WAIT_MS
        : { first: this.#settings.retryBackoff.firstMs, most: this.#settings.retryBackoff.mostMs };
      await new Promise((resolve) => setTimeout(resolve, Math.min(most, first * 2 ** attempt)));
    }
  }

  async #try<Q, A>(
    kind: Request<Q, A>,
    request: Q,
    codesOf: (answer: A) => readonly number[],
  ): Promise<{ readonly answer: A; readonly error?: undefined } | { readonly answer?: undefined; readonly error: DriverError }> {
    try {
      const answer = await sendRequest(await this.broker(), kind, request, this.#settings.requestTimeoutMs);
      if (answer === undefined) throw new DriverError('fatal', `${kind.name} has no answer.`);
      const errors = codesOf(answer).flatMap((code) => brokerError(code, `${kind.name} of ${this.#of.type} ${this.#of.key}`) ?? []);
      // One that passes decides only when no other stands beside it.
      const error = errors.find(({ retriable }) => !retriable) ?? errors[0];
      return error === undefined ? { answer } : { error };
    } catch (error) {
      return { error: driverError(error, kind.name) };
    }
  }

  async #find(): Promise<number> {
    const { type, key } = this.#of;
    const broker = await this.#cluster.brokerPool.findConnectedBroker();
    const answer = await sendRequest(broker, findCoordinator, { type, key }, this.#settings.requestTimeoutMs);
    const error = brokerError(answer?.errorCode ?? 0, `the search for the coordinator of ${type} ${key}`, answer?.errorMessage);
    if (error !== undefined) throw error;
    return answer?.nodeId ?? -1;
  }
}
