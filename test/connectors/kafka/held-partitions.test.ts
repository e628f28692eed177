import { concat, defer, EMPTY, NEVER, type Observable, of } from 'rxjs';
import { expect, test } from 'vitest';
import { sourcePartition } from '../../../connectors/kafka/group-offsets.ts';
import { HeldPartitions } from '../../../connectors/kafka/held-partitions.ts';
import { partitionKey, type TopicPartition } from '../../../src/kafka/index.ts';
import type { PartitionShare, SourcePartition } from '../../../src/sdk/index.ts';

const at = (topic: string): TopicPartition => ({ topic, partition: 0 });
const [a, b] = [at('a'), at('b')];

interface SetUp {
  readonly shared?: boolean;
  readonly latest?: boolean;
  /** Ends a revocation. */
  readonly revoked?: Promise<void>;
}

/** What is held over a reader that is told what to read; the log tells what happened. */
function setUp({ shared = false, latest = false, revoked = Promise.resolve() }: SetUp = {}) {
  const log: string[] = [];
  const stored = new Map<string, number>();
  let reading = new Set<string>();
  const names = (partitions: readonly SourcePartition[]) => partitions.map(({ kafka_topic }) => kafka_topic).join();
  const did = (what: string): Observable<never> =>
    defer(() => {
      log.push(what);
      return EMPTY;
    });
  const share: PartitionShare = { found: () => {}, assigned: NEVER };
  const held = new HeldPartitions({
    latest,
    context: {
      ...(shared ? { share } : {}),
      offsets: (partitions) =>
        of(
          partitions.map(({ kafka_topic }) => (stored.has(`${kafka_topic}`) ? { kafka_offset: stored.get(`${kafka_topic}`) ?? 0 } : null)),
        ),
      assignments: {
        assign: (partitions) => did(`assign ${names(partitions)}`),
        revoke: (partitions, why) =>
          concat(
            did(`revoke ${names(partitions)} ${why}`),
            defer(() => revoked.then(() => undefined)),
          ),
      },
    },
    reader: {
      knows: (partition) => reading.has(partitionKey(partition)),
      assign: (partitions, start) => {
        const now = new Set(partitions.map(partitionKey));
        const starts = Array.from(start, ([key, from]) => ` ${key} at ${from === 'earliest' ? from : from.offset}`).join('');
        if (starts !== '' || [...now].join() !== [...reading].join()) log.push(`read ${[...now].join()}${starts}`);
        reading = now;
      },
    },
  });
  const assigned = (partitions: readonly TopicPartition[], why: 'rebalance' | 'lost' = 'rebalance') =>
    held.assigned({ partitions: partitions.map(sourcePartition), why, deadlineMs: 1_000, done: () => void log.push('let go') });
  return { held, log, stored, assigned };
}

test('a partition that is gone is lost, and is assigned again when it is back', async () => {
  const { held, log, stored } = setUp();
  stored.set('b', 7);
  await held.found([a, b]);
  expect(log.splice(0)).toEqual(['read a-0,b-0 b-0 at 7']);
  stored.delete('b');
  await held.found([a]);
  expect(log.splice(0)).toEqual(['read a-0', 'revoke b lost']);
  await held.found([a]);
  expect(log.splice(0)).toEqual([]);
  await held.found([a, b]);
  expect(log).toEqual(['assign b', 'read a-0,b-0']);
});

test('what is new counts from its beginning, also what is made again, whatever the policy', async () => {
  const { held, log } = setUp({ latest: true });
  await held.found([a, b]);
  await held.found([a]);
  log.splice(0);
  await held.found([a, b, at('c')]);
  expect(log).toEqual(['assign b', 'read a-0,b-0,c-0 b-0 at earliest c-0 at earliest']);
});

test('of a share is read what is there', async () => {
  const { held, log, assigned } = setUp({ shared: true });
  await held.found([a, b]);
  expect(log).toEqual([]);
  await assigned([a, b]);
  expect(log.splice(0)).toEqual(['let go', 'assign a,b', 'read a-0,b-0']);
  await held.found([a]);
  expect(log.splice(0)).toEqual(['read a-0', 'revoke b lost']);
  expect(held.incomplete).toBe(true);
  await assigned([a, b]);
  expect(log.splice(0)).toEqual(['let go']);
  await held.found([a, b]);
  expect(log.splice(0)).toEqual(['assign b', 'read a-0,b-0']);
  expect(held.incomplete).toBe(false);
});

test('what a share gives anew is there, though it was seen to be gone', async () => {
  const { held, log, assigned } = setUp({ shared: true });
  await assigned([a, b]);
  await held.found([a]);
  await assigned([a]);
  expect(held.incomplete).toBe(false);
  log.splice(0);
  await assigned([a, b]);
  expect(log).toEqual(['let go', 'assign b', 'read a-0,b-0']);
});

test('changes are made one after the other', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { held, log, assigned } = setUp({ shared: true, revoked: promise });
  await assigned([a, b]);
  log.splice(0);
  const gone = held.found([a]);
  const given = assigned([b]);
  await new Promise((next) => setImmediate(next));
  expect(log.splice(0)).toEqual(['read a-0', 'revoke b lost']);
  resolve();
  await Promise.all([gone, given]);
  expect(log).toEqual(['read ', 'revoke a rebalance', 'let go']);
  expect(held.incomplete).toBe(true);
});

test('what two looks find that overlap begins once', async () => {
  const { held, log, stored } = setUp();
  stored.set('a', 5);
  await Promise.all([held.found([a]), held.found([a])]);
  expect(log).toEqual(['read a-0 a-0 at 5']);
});

test('nothing is taken up after the end', async () => {
  const { held, log } = setUp();
  held.close();
  await held.found([a]);
  expect(log).toEqual([]);
});
