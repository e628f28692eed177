import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PartitionQueue } from '../../../src/kafka/kafkajs/partition-queue.ts';
import { ProducerBatch } from '../../../src/kafka/kafkajs/producer-batch.ts';
import { RecordBatchBuilder } from '../../../src/kafka/record-batch/index.ts';

type Judgement = 'appended' | 'out of order';

interface Attempt {
  readonly batch: ProducerBatch;
  readonly number: number;
  readonly epoch: number;
  readonly sequence: number;
  /** What the broker has answered; undefined: the request is still on its way. */
  judged?: Judgement;
  /** The client waits for the answer no longer. */
  givenUp?: boolean;
}

/** What Kafka does with the batches of one producer: takes the next number of an epoch only, and knows its last five batches again. */
class Log {
  readonly numbers: number[] = [];
  #epoch = -1;
  #last: number[] = [];

  judge({ number, epoch, sequence }: Attempt): Judgement {
    if (epoch < this.#epoch) return 'out of order';
    if (epoch === this.#epoch && this.#last.includes(sequence)) return 'appended';
    const expected = epoch > this.#epoch ? 0 : (this.#last.at(-1) ?? -1) + 1;
    if (sequence !== expected) return 'out of order';
    this.#last = (epoch > this.#epoch ? [sequence] : [...this.#last, sequence]).slice(-5);
    this.#epoch = epoch;
    this.numbers.push(number);
    return 'appended';
  }
}

const EPOCH_AT = 51;

/** Batches of one record; requests arrive and answers come in any order, and answers are lost. */
class Scene {
  readonly log = new Log();
  readonly queue = new PartitionQueue({ topic: 't', partition: 0 }, { idempotent: true, maxInFlight: 5 });
  readonly #numbers = new Map<ProducerBatch, number>();
  readonly #attempts: Attempt[] = [];

  constructor() {
    this.queue.start({ id: 1n, epoch: 0 });
  }

  get added(): number {
    return this.#numbers.size;
  }

  add(): void {
    const builder = new RecordBatchBuilder();
    builder.append({ key: null, value: null }, 0);
    const batch = new ProducerBatch(builder.build({ unstamped: true }), [], Number.POSITIVE_INFINITY);
    this.#numbers.set(batch, this.added);
    this.queue.add(batch);
  }

  send(): void {
    const batch = this.queue.ready(Number.POSITIVE_INFINITY) ? this.queue.take() : undefined;
    if (batch === undefined) return;
    const number = this.#numbers.get(batch) ?? -1;
    this.#attempts.push({ batch, number, epoch: batch.bytes.readInt16BE(EPOCH_AT), sequence: batch.sequence });
  }

  /** A request arrives, perhaps one that the client has given up. */
  arrive(pick: number): void {
    const attempt = this.#pick(pick, ({ judged }) => judged === undefined);
    if (attempt !== undefined) attempt.judged = this.log.judge(attempt);
  }

  answer(pick: number): void {
    const attempt = this.#pick(pick, ({ judged, givenUp }) => judged !== undefined && givenUp !== true);
    if (attempt === undefined) return;
    attempt.givenUp = true;
    if (attempt.judged === 'appended') this.queue.appended(attempt.batch);
    else this.queue.outOfOrder(attempt.batch);
  }

  lose(pick: number): void {
    const attempt = this.#pick(pick, ({ givenUp }) => givenUp !== true);
    if (attempt === undefined) return;
    attempt.givenUp = true;
    attempt.batch.uncertain = true;
    this.queue.comesBack(attempt.batch);
  }

  #pick(pick: number, which: (attempt: Attempt) => boolean): Attempt | undefined {
    const found = this.#attempts.filter(which);
    return found[pick % found.length];
  }
}

const actions = ['add', 'send', 'send', 'arrive', 'arrive', 'answer', 'answer', 'lose'] as const;

test('whatever order requests arrive in and whichever answers are lost, each batch is written once, in order', () => {
  const step = fc.record({ action: fc.constantFrom(...actions), pick: fc.nat(8) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 200 }), (steps) => {
      const scene = new Scene();
      for (const { action, pick } of steps) scene[action](pick);
      for (let round = 0; !scene.queue.idle && round < 1_000; round++) {
        scene.send();
        scene.arrive(0);
        scene.answer(0);
      }
      expect(scene.log.numbers).toEqual(Array.from({ length: scene.added }, (_, number) => number));
    }),
    { numRuns: 3_000 },
  );
});
