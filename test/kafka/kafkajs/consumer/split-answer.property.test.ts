import fc from 'fast-check';
import { test } from 'vitest';
import { splitAnswer } from '../../../../src/kafka/kafkajs/consumer/split-answer.ts';
import { decodeBatches, encodeBatch, encodeControlBatch } from '../../../../src/kafka/record-batch/index.ts';

/** What one of the producers does next: writes so many records, or ends its transaction. Producer 0 has no transactions. */
interface Step {
  readonly producer: number;
  readonly act: 'write' | 'commit' | 'abort';
  readonly records: number;
}

interface Entry {
  readonly first: number;
  readonly next: number;
  readonly bytes: Buffer;
  readonly offsets: readonly number[];
  readonly transaction: Transaction | undefined;
}

interface Transaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
  end?: { readonly type: 'commit' | 'abort'; readonly offset: number };
}

const steps = fc.array(
  fc.record({
    producer: fc.nat(2),
    act: fc.constantFrom('write' as const, 'write' as const, 'commit' as const, 'abort' as const),
    records: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 30, size: 'max' },
);

/** The log that a broker would hold. */
function logOf(plan: readonly Step[]): Entry[] {
  const log: Entry[] = [];
  const open = new Map<number, Transaction>();
  let at = 0;
  for (const { producer, act, records } of plan) {
    const identity = { id: BigInt(producer), epoch: 0 };
    const transaction = open.get(producer);
    if (act === 'write') {
      const begun = producer === 0 ? undefined : (transaction ?? { producerId: identity.id, firstOffset: at });
      if (begun !== undefined) open.set(producer, begun);
      // A key of four zero bytes looks like the key of an abort marker.
      const data = Array.from({ length: records }, (_, record) => ({ key: new Uint8Array(4), value: `${at + record}` }));
      const stamp = begun === undefined ? {} : { producer: { ...identity, baseSequence: at }, transactional: true };
      const offsets = data.map((_, record) => at + record);
      log.push({
        first: at,
        next: at + records,
        bytes: encodeBatch(data, { now: 0, baseOffset: at, ...stamp }).bytes,
        offsets,
        transaction: begun,
      });
      at += records;
    } else if (transaction !== undefined) {
      transaction.end = { type: act, offset: at };
      open.delete(producer);
      const bytes = encodeControlBatch({ type: act, producer: identity, timestamp: 0, baseOffset: at }).bytes;
      log.push({ first: at, next: ++at, bytes, offsets: [], transaction: undefined });
    }
  }
  return log;
}

/** What a broker answers to a reader of committed records: batches up to the first open transaction, and what was aborted in them. */
function fetched(log: readonly Entry[], from: number, batches: number) {
  const transactions = [...new Set(log.flatMap(({ transaction }) => transaction ?? []))];
  const stable = Math.min(
    ...transactions.filter(({ end }) => end === undefined).map(({ firstOffset }) => firstOffset),
    Number.POSITIVE_INFINITY,
  );
  const found = log.filter(({ first, next }) => next > from && first < stable).slice(0, batches);
  const upTo = found.at(-1)?.next ?? from;
  const aborted = transactions.filter(({ end, firstOffset }) => end?.type === 'abort' && end.offset >= from && firstOffset < upTo);
  return { records: Buffer.concat(found.map(({ bytes }) => bytes)), aborted };
}

test('readers of committed records see exactly those, from wherever they start and however answers are cut', () => {
  fc.assert(
    fc.property(steps, fc.nat(20), fc.integer({ min: 1, max: 20 }), (plan, from, batches) => {
      const log = logOf(plan);
      const firstOpen = Math.min(
        ...log.flatMap(({ transaction }) => (transaction && !transaction.end ? [transaction.firstOffset] : [])),
        1e9,
      );
      const expected = log
        .filter(({ transaction, first }) => first < firstOpen && transaction?.end?.type !== 'abort')
        .flatMap(({ offsets }) => offsets.filter((offset) => offset >= from));
      const seen: number[] = [];
      for (let at = from; ; ) {
        const { portions, next } = splitAnswer(fetched(log, at, batches), at);
        for (const { batches: kept, from: fromOffset } of portions)
          seen.push(...decodeBatches(kept, { topic: 't', partition: 0, fromOffset }).records.map((record) => Number(record.valueText())));
        if (next === at) break;
        at = next;
      }
      return seen.join() === expected.join();
    }),
    { numRuns: 500 },
  );
});
