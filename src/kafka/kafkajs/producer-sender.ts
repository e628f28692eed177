import { type Compression, type DriverError, partitionKey } from '../driver.ts';
import { brokerError } from './error-codes.ts';
import type { MetadataCache } from './metadata.ts';
import { noPartition } from './metadata.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { type ProducerBatch, replacements } from './producer-batch.ts';
import type { ProducerIdentity } from './requests/init-producer-id.ts';
import { type ProducedPartition, produce } from './requests/produce.ts';
import { driverError, mayPass, sendRequest } from './send-request.ts';

export interface SenderOptions {
  readonly metadata: MetadataCache;
  readonly acks: -1 | 0 | 1;
  readonly compression: Compression;
  readonly transactionalId: string | null;
  readonly requestTimeoutMs: number;
  readonly maxRequestBytes: number;
  /** Requests on the way to one broker. */
  readonly maxInFlight: number;
  readonly backoff: { readonly firstMs: number; readonly mostMs: number };
  /** For partitions that have none; `fresh` when the epochs of the last one are used up. */
  identity(options: { readonly fresh: boolean }): Promise<ProducerIdentity>;
  /** Whether the partition may be written to now; `pump` is called when that changes. Default: always. */
  readonly admits?: (queue: PartitionQueue) => boolean;
  /** A batch has left for good, answered. `unused`: nothing reads its bytes any more, no socket either. */
  left(batch: ProducerBatch, unused?: boolean): void;
  /** A batch was made of another. */
  made(batch: ProducerBatch): void;
  /** The producer is of no use any more. */
  broken(error: DriverError): void;
}

interface Sent {
  readonly queue: PartitionQueue;
  readonly batch: ProducerBatch;
}

const ERROR = {
  unknownPartition: 3,
  /** As if the connection had failed. */
  unanswered: 13,
  outOfOrder: 45,
  duplicate: 46,
  invalidEpoch: 47,
  unknownProducer: 59,
} as const;
/** Refusals after which a batch may be sent again, and before which it was certainly not written. */
const notWritten = new Set([2, 3, 5, 6, 19, 74, 75, 89]);
/** Refusals that say that what is known of the topic is out of date. */
const outdated = new Set([3, 5, 6, 8, 9, 56, 74, 75]);
/** How often a partition is looked for before it counts as missing. */
const LOOKS = 4;

/** Sends the batches of all partitions, those of one leader together, and judges the answers. */
export class ProducerSender {
  readonly #options: SenderOptions;
  /** Queues with something to send. */
  readonly #active = new Set<PartitionQueue>();
  readonly #inFlight = new Map<number, number>();
  readonly #searched = new Map<PartitionQueue, number>();
  #searching = false;
  #identifying = false;
  #pumping = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends what can be sent, in the next microtask. `queues` may have something new. */
  pump(queues: Iterable<PartitionQueue> = []): void {
    for (const queue of queues) if (!queue.idle) this.#active.add(queue);
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  /** A batch left its queue unsent. */
  forget(batches: readonly ProducerBatch[]): void {
    for (const batch of batches) this.#options.left(batch);
  }

  #pump(): void {
    const now = performance.now();
    let requests = this.#collect(now);
    for (; requests.size > 0; requests = this.#collect(now)) for (const [node, sent] of requests) void this.#send(node, sent);
    this.#wakeLater(now);
  }

  /** One request for each leader that takes one, with at most one batch of each partition. */
  #collect(now: number): Map<number, Sent[]> {
    const requests = new Map<number, Sent[]>();
    const bytes = new Map<number, number>();
    for (const queue of this.#active) {
      if (queue.idle) this.#active.delete(queue);
      if (!queue.ready(now)) continue;
      const node = this.#options.metadata.leader(queue)?.leader;
      if (node === undefined) this.#search(queue);
      if (node === undefined || !this.#prepared(queue)) continue;
      const size = (bytes.get(node) ?? 0) + queue.nextBytes;
      const sent = requests.get(node) ?? [];
      if ((this.#inFlight.get(node) ?? 0) >= this.#options.maxInFlight || (sent.length > 0 && size > this.#options.maxRequestBytes))
        continue;
      const batch = queue.take();
      if (batch === undefined) continue;
      bytes.set(node, size);
      requests.set(node, sent);
      sent.push({ queue, batch });
    }
    // Who was served waits behind the others, so that a full request does not always have the same partitions.
    for (const sent of requests.values()) for (const { queue } of sent) if (this.#active.delete(queue)) this.#active.add(queue);
    return requests;
  }

  #prepared(queue: PartitionQueue): boolean {
    if (queue.needsIdentity) {
      void this.#identify();
      return false;
    }
    return this.#options.admits?.(queue) ?? true;
  }

  async #send(node: number, sent: readonly Sent[]): Promise<void> {
    this.#inFlight.set(node, (this.#inFlight.get(node) ?? 0) + 1);
    try {
      const partitions = await this.#request(node, sent);
      for (const each of sent) this.#judge(each, partitions?.get(partitionKey(each.queue)));
    } catch (error) {
      const failed = driverError(error, 'Sending');
      for (const each of sent) this.#failed(each, failed);
    }
    this.#inFlight.set(node, (this.#inFlight.get(node) ?? 1) - 1);
    this.pump(sent.map(({ queue }) => queue));
  }

  /** Answers by partition; undefined without acks. */
  async #request(node: number, sent: readonly Sent[]): Promise<ReadonlyMap<string, ProducedPartition> | undefined> {
    const { metadata, acks, transactionalId, requestTimeoutMs } = this.#options;
    const byTopic = Map.groupBy(sent, ({ queue }) => queue.topic);
    const topics = [...byTopic].map(([topic, parts]) => ({
      topic,
      partitions: parts.map(({ queue: { partition }, batch: { bytes: records } }) => ({ partition, records })),
    }));
    const request = { transactionalId, acks, timeoutMs: requestTimeoutMs, topics };
    const answer = await sendRequest(await metadata.broker(node), produce, request, requestTimeoutMs);
    return acks === 0 ? undefined : new Map(answer?.partitions.map((each) => [partitionKey(each), each]));
  }

  /** By itself: what is wrong with one partition decides nothing about the others. */
  #judge(sent: Sent, answer: ProducedPartition | undefined): void {
    try {
      this.#answered(sent, answer);
    } catch (error) {
      this.#failed(sent, driverError(error, 'Reading an answer'));
    }
  }

  #answered(sent: Sent, answer: ProducedPartition | undefined): void {
    const { queue, batch } = sent;
    const code = answer?.errorCode ?? (this.#options.acks === 0 ? 0 : ERROR.unanswered);
    if (code === 0 || code === ERROR.duplicate) {
      queue.appended(batch);
      batch.appended(code === 0 ? (answer?.baseOffset ?? -1) : -1, answer?.logAppendTime ?? -1);
      // The answer says that all of it was read; of an earlier attempt something may still wait in a socket.
      this.#options.left(batch, answer !== undefined && batch.attempts === 1);
      return;
    }
    const { recordErrors = [], errorMessage = null } = answer ?? {};
    const detail = recordErrors.find(({ message }) => message !== null)?.message ?? errorMessage;
    const error = brokerError(code, `a batch for ${partitionKey(queue)}`, detail);
    if (error !== undefined) this.#refused(sent, error, code, recordErrors);
  }

  #refused(sent: Sent, error: DriverError, code: number, named: ProducedPartition['recordErrors']): void {
    const { queue, batch } = sent;
    const transactional = this.#options.transactionalId !== null;
    if (outdated.has(code)) this.#options.metadata.forget([queue.topic]);
    if (error.retriable && !notWritten.has(code)) batch.uncertain = true;
    if (batch.settled) this.#giveUp(sent);
    else if (transactional && error.kind === 'fenced') {
      this.#giveUp(sent, error);
      this.#options.broken(error);
    } else if (!transactional && (code === ERROR.outOfOrder || code === ERROR.unknownProducer || code === ERROR.invalidEpoch)) {
      queue.outOfOrder(batch);
      this.#pause(queue, batch);
    } else if (error.retriable || code === ERROR.unknownPartition) this.#again(sent);
    else this.#replace(sent, { error, named: named.map(({ index }) => index) });
  }

  #failed(sent: Sent, error: DriverError): void {
    // An answer that cannot be read leaves open what it said, as one that does not come.
    sent.batch.uncertain = true;
    if (error.retriable) this.#options.metadata.forget([sent.queue.topic]);
    if (error.retriable && !sent.batch.settled) this.#again(sent);
    else this.#giveUp(sent, error);
  }

  #again({ queue, batch }: Sent): void {
    queue.comesBack(batch);
    this.#pause(queue, batch);
  }

  #giveUp({ queue, batch }: Sent, error?: DriverError): void {
    queue.refused(batch);
    if (error !== undefined) batch.refused(error);
    this.#options.left(batch);
  }

  #replace(sent: Sent, refusal: { readonly error: DriverError; readonly named: readonly number[] }): void {
    const { queue, batch } = sent;
    const { compression, transactionalId } = this.#options;
    if (refusal.error.kind === 'too-large' && batch.count > 1) queue.limit.refused(batch.uncompressedBytes);
    const kind = { compression, transactional: transactionalId !== null };
    const parts = replacements(batch, queue, kind, { ...refusal, maxBytes: queue.limit.bytes });
    if (parts.length === 0) this.#giveUp(sent, refusal.error);
    else {
      for (const part of parts) this.#options.made(part);
      queue.replaced(batch, parts);
      this.#options.left(batch);
    }
  }

  #pause(queue: PartitionQueue, { attempts }: ProducerBatch): void {
    queue.retryAt = performance.now() + this.#backOff(attempts - 1);
  }

  #backOff(attempt: number): number {
    const { firstMs, mostMs } = this.#options.backoff;
    return Math.min(mostMs, firstMs * 2 ** attempt) * (0.8 + 0.4 * Math.random());
  }

  #wakeLater(now: number): void {
    let at = Number.POSITIVE_INFINITY;
    for (const { retryAt } of this.#active) if (retryAt > now && retryAt < at) at = retryAt;
    if (at === Number.POSITIVE_INFINITY) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.pump(), Math.max(1, at - now));
  }

  /** Looks for the leader of a partition, together with the other partitions that have none. */
  #search(queue: PartitionQueue): void {
    this.#searched.set(queue, this.#searched.get(queue) ?? 0);
    if (this.#searching) return;
    this.#searching = true;
    queueMicrotask(async () => {
      const looked = [...this.#searched.keys()];
      await this.#options.metadata.refresh(looked.map(({ topic }) => topic)).catch((error: unknown) => {
        const failed = driverError(error, 'Asking for metadata');
        if (!mayPass(failed)) this.#options.broken(failed);
      });
      this.#searching = false;
      for (const each of looked) this.#found(each);
      this.pump();
    });
  }

  #found(queue: PartitionQueue): void {
    const { metadata } = this.#options;
    const looks = (this.#searched.get(queue) ?? 0) + 1;
    const code = metadata.errorCode(queue.topic);
    const missing = code === 0 && metadata.known(queue.topic)?.partitions[queue.partition] === undefined;
    const refused = code === undefined || missing ? undefined : brokerError(code, `metadata of topic ${queue.topic}`);
    const patience = missing
      ? LOOKS
      : refused?.kind === 'unknown-topic'
        ? 3 * LOOKS
        : refused?.retriable === false
          ? 0
          : Number.POSITIVE_INFINITY;
    if (metadata.leader(queue) !== undefined) this.#searched.delete(queue);
    else if (looks >= patience) {
      this.#searched.delete(queue);
      this.forget(queue.drop(refused ?? noPartition(queue)));
    } else {
      this.#searched.set(queue, looks);
      queue.retryAt = performance.now() + this.#backOff(looks - 1);
    }
  }

  async #identify(): Promise<void> {
    if (this.#identifying) return;
    this.#identifying = true;
    try {
      const fresh = [...this.#active].some(({ identityUsedUp }) => identityUsedUp);
      const identity = await this.#options.identity({ fresh });
      for (const queue of this.#active) if (queue.needsIdentity) queue.start(identity);
    } catch (error) {
      const failed = driverError(error, 'Getting a producer id');
      if (!mayPass(failed)) this.#options.broken(failed);
      const retryAt = performance.now() + this.#options.backoff.mostMs;
      for (const queue of this.#active) if (queue.needsIdentity) queue.retryAt = retryAt;
    }
    this.#identifying = false;
    this.pump();
  }
}
