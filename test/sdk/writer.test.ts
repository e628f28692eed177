import { EMPTY, NEVER, of, throwError, timer } from 'rxjs';
import { ignoreElements, map } from 'rxjs/operators';
import { expect, test } from 'vitest';
import { BatchError } from '../../src/sdk/batch-error.ts';
import { RetriableError } from '../../src/sdk/retriable-error.ts';
import { writeConcurrently } from '../../src/sdk/write-concurrently.ts';
import { writeInOrder } from '../../src/sdk/write-in-order.ts';
import { type MarbleHelpers, marbles } from '../../src/testing/marbles.ts';

const feed = (
  { batches }: MarbleHelpers,
  run: ReturnType<MarbleHelpers['acks']>,
  diagram: string,
  sink: ReturnType<typeof writeInOrder<string>>,
) => batches(run, diagram).subscribe((batch) => sink.next(batch));

test(
  'writes in order, one at a time, and joins batches that wait',
  marbles((helpers) => {
    const run = helpers.acks();
    const writes: string[] = [];
    const sink = writeInOrder(
      (records: readonly string[]) => {
        writes.push(`${helpers.scheduler.now()} ${records.join('')}`);
        return timer(4, helpers.scheduler).pipe(ignoreElements());
      },
      { maxRecords: 2 },
    );
    feed(helpers, run, 'abcd', sink);
    helpers.flush();
    expect(writes).toEqual(['0 a', '4 bc', '8 d']);
    expect(run.log).toEqual(['4 a:delivered', '8 b:delivered', '8 c:delivered', '12 d:delivered']);
  }),
);

test(
  'writes concurrently up to its bound, and settles in order of completion',
  marbles((helpers) => {
    const run = helpers.acks();
    const waits: Record<string, number> = { a: 9, b: 2, c: 2 };
    const sink = writeConcurrently<string>((records) => timer(waits[records[0] ?? ''] ?? 0, helpers.scheduler).pipe(ignoreElements()), {
      concurrency: 2,
    });
    feed(helpers, run, '(abc)', sink);
    helpers.flush();
    expect(run.log).toEqual(['2 b:delivered', '4 c:delivered', '9 a:delivered']);
  }),
);

test(
  'hands receipts on: one for all, or one for each',
  marbles((helpers) => {
    const run = helpers.acks();
    feed(
      helpers,
      run,
      'a',
      writeInOrder(() => of({ receipt: 'upload 7' })),
    );
    const each = helpers.acks();
    writeInOrder<string>(() => of({ receiptAt: (i) => i + 40 })).next(each.batch(['b', 'c']));
    helpers.flush();
    expect(run.outcomes.get('a')).toEqual({ kind: 'delivered', receipt: 'upload 7' });
    expect(each.outcomes.get('c')).toEqual({ kind: 'delivered', receipt: 41 });
  }),
);

test(
  'a receipt that throws fails the task; what it is of is returned, and the next write begins',
  marbles((helpers) => {
    const run = helpers.acks();
    const receiptAt = (index: number): unknown => {
      if (index === 1) throw new Error('no receipt');
      return index;
    };
    const sink = writeInOrder<string>(([first]) => of(first === 'a' ? { receiptAt } : undefined));
    sink.next(run.batch(['a', 'b']));
    sink.next(run.batch(['c']));
    helpers.flush();
    expect(run.log).toEqual(['0 a:delivered', '0 b:returned', '0 c:delivered']);
    expect(run.failures.map(String)).toEqual(['Error: no receipt']);
  }),
);

test(
  'a BatchError fails the records it names, in whichever of the joined batches they are',
  marbles((helpers) => {
    const run = helpers.acks();
    let first = true;
    const sink = writeInOrder((records: readonly string[]) => {
      const slow = first;
      first = false;
      if (slow) return timer(5, helpers.scheduler).pipe(ignoreElements());
      return throwError(() => new BatchError(new Map([[records.indexOf('c'), new Error('too large')]])));
    });
    feed(helpers, run, 'abcd', sink);
    helpers.flush();
    expect(run.log).toEqual(['5 a:delivered', '5 b:delivered', '5 c:failed', '5 d:delivered']);
    expect(run.outcomes.get('c')).toMatchObject({ failure: { stage: 'TASK_PUT', node: 'test', error: { message: 'too large' } } });
  }),
);

test(
  'a retriable error is tried again in its place; any other returns the records of the write and fails the task',
  marbles((helpers) => {
    const run = helpers.acks({ retry: (error) => (error instanceof RetriableError ? 3 : undefined) });
    let fails = 2;
    const sink = writeInOrder(
      (records: readonly string[]) => {
        if (records[0] === 'a' && fails-- > 0) throw new RetriableError('busy');
        return records[0] === 'b' ? throwError(() => new Error('refused')) : EMPTY;
      },
      { maxRecords: 1 },
    );
    feed(helpers, run, 'abc', sink);
    helpers.flush();
    expect(run.log).toEqual(['6 a:delivered', '6 b:returned', '6 c:delivered']);
    expect(run.failures).toEqual([new Error('refused')]);
  }),
);

/** Writes `a`, `b`, `c` at a time, which take 3, 1 and 2 frames, then `d`; `a` fails at first, and `c` has a record to blame. */
const orderedRetry = (helpers: MarbleHelpers, retry: () => number | undefined) => {
  const run = helpers.acks({ retry });
  const writes: string[] = [];
  const waits: Record<string, number> = { a: 3, b: 1, c: 2 };
  let fails = 1;
  const sink = writeConcurrently<string>(
    ([record = '']) => {
      writes.push(`${helpers.scheduler.now()} ${record}`);
      const done = timer(waits[record] ?? 0, helpers.scheduler);
      const error =
        record === 'a' && fails-- > 0 ? new RetriableError('full') : record === 'c' ? new BatchError(new Map([[0, 'c']])) : undefined;
      return error === undefined
        ? done.pipe(ignoreElements())
        : done.pipe(
            map(() => {
              throw error;
            }),
          );
    },
    { concurrency: 3, ordered: true, maxRecords: 1 },
  );
  feed(helpers, run, '(abcd)', sink);
  return { run, writes, sink };
};

test(
  'an ordered writer writes again, behind a write that is retried, what was under way behind it, and nothing else before',
  marbles((helpers) => {
    const { run, writes } = orderedRetry(helpers, () => 10);
    helpers.flush();
    expect(writes).toEqual(['0 a', '0 b', '0 c', '13 a', '13 b', '13 c', '16 d']);
    expect(run.log).toEqual(['16 a:delivered', '16 b:delivered', '16 c:failed', '16 d:delivered']);
    expect(run.failures).toEqual([]);
  }),
);

test(
  'an ordered writer returns what was under way behind a write that fails for good, or that a stop does not wait for',
  marbles((helpers) => {
    const final = orderedRetry(helpers, () => undefined);
    const stopped = orderedRetry(helpers, () => 100);
    helpers.scheduler.schedule(() => stopped.sink.flush?.('stop'), 5);
    helpers.flush();
    expect(final.run.log.slice(0, 3)).toEqual(['3 a:returned', '3 b:returned', '3 c:returned']);
    expect(final.run.failures).toEqual([new RetriableError('full')]);
    expect(stopped.run.log.slice(0, 3)).toEqual(['5 a:returned', '5 b:returned', '5 c:returned']);
    expect(stopped.run.failures).toEqual([]);
  }),
);

test(
  'flush completes when nothing is under way; a stop returns what waits for a retry',
  marbles((helpers) => {
    const { scheduler, cold, expectObservable } = helpers;
    const run = helpers.acks({ retry: () => 100 });
    const sink = writeInOrder(
      (records: readonly string[]) =>
        records[0] === 'x' ? throwError(() => new RetriableError('busy')) : timer(4, scheduler).pipe(ignoreElements()),
      { maxRecords: 1 },
    );
    feed(helpers, run, 'ax', sink);
    const ended = (reason: 'complete' | 'stop') => sink.flush?.(reason) ?? NEVER;
    expectObservable(cold('|').pipe(ignoreElements())).toBe('|');
    const frames: number[] = [];
    const flushed = (reason: 'complete' | 'stop') => {
      const done = ended(reason);
      if ('subscribe' in done) done.subscribe({ complete: () => frames.push(scheduler.now()) });
    };
    scheduler.schedule(() => flushed('complete'), 2);
    scheduler.schedule(() => flushed('stop'), 7);
    helpers.flush();
    expect(frames).toEqual([7, 7]);
    expect(run.log).toEqual(['4 a:delivered', '7 x:returned']);
  }),
);

test(
  'close waits for the write under way and starts no other',
  marbles((helpers) => {
    const { scheduler } = helpers;
    const writes: string[] = [];
    const sink = writeInOrder(
      (records: readonly string[]) => {
        writes.push(...records);
        return timer(4, scheduler).pipe(map(() => undefined));
      },
      { maxRecords: 1 },
    );
    feed(helpers, helpers.acks(), '(ab)', sink);
    let closedAt = -1;
    scheduler.schedule(() => {
      const closing = sink.close?.();
      if (closing && 'subscribe' in closing) closing.subscribe({ complete: () => (closedAt = scheduler.now()) });
    }, 1);
    helpers.flush();
    expect(writes).toEqual(['a']);
    expect(closedAt).toBe(4);
  }),
);

test(
  'writes that end at once do not pile up on the stack',
  marbles((helpers) => {
    const run = helpers.acks();
    let first = true;
    const sink = writeInOrder(
      (): typeof EMPTY => {
        const wait = first;
        first = false;
        return wait ? timer(1, helpers.scheduler).pipe(ignoreElements()) : EMPTY;
      },
      { maxRecords: 1 },
    );
    for (let i = 0; i < 5_000; i++) sink.next(run.batch([i]) as never);
    helpers.flush();
    expect(run.outcomes.size).toBe(5_000);
    expect(run.failures).toEqual([]);
  }),
);
