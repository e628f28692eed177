import { NEVER, Subject, timer } from 'rxjs';
import { map } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Policy } from '../../src/record/ack.ts';
import { intercept } from '../../src/record/intercept.ts';
import { delivered, type Failure, type Outcome } from '../../src/record/outcome.ts';
import { observedPolicy, SinkFailures } from '../../src/schedule/failure.ts';
import { marbles } from '../../src/testing/marbles.ts';

const failure: Failure = { stage: 'TASK_PUT', node: 'sink', error: new Error('refused') };
const failed: Outcome = { kind: 'failed', failure };
const skip: Policy = (_record, why) => ({ kind: 'filtered', failure: why });

test(
  'asks the policy about each record that the sink failed, with its record',
  marbles(({ acks }) => {
    const run = acks();
    const asked: unknown[] = [];
    const policy: Policy = (record, why) => {
      asked.push(record);
      return skip(record, why);
    };
    const { records, ack } = run.batch(['a', 'b', 'c']);
    const guarded = intercept(ack, new SinkFailures(policy, records));
    guarded.settleAt(1, failed);
    guarded.settle(delivered);
    expect(asked).toEqual(['b']);
    expect(run.log).toEqual(['0 b:filtered', '0 a:delivered', '0 c:delivered']);
  }),
);

test(
  'a failed rest concerns every record that has not settled',
  marbles(({ acks }) => {
    const run = acks();
    const { records, ack } = run.batch(['a', 'b', 'c']);
    const guarded = intercept(ack, new SinkFailures(skip, records));
    guarded.settleAt(0, delivered);
    guarded.settle(failed);
    expect(run.log).toEqual(['0 a:delivered', '0 b:filtered', '0 c:filtered']);
  }),
);

test(
  'the outcome of the rest waits for decisions under way and does not overwrite them',
  marbles(({ acks, scheduler, flush }) => {
    const run = acks();
    const later: Policy = (record, why) => timer(record === 'a' ? 5 : 3, scheduler).pipe(map(() => ({ kind: 'filtered', failure: why })));
    const { records, ack } = run.batch(['a', 'b', 'c']);
    const guarded = intercept(ack, new SinkFailures(later, records));
    guarded.settleAt(0, failed);
    guarded.settleAt(1, failed);
    guarded.settle(delivered);
    flush();
    expect(run.log).toEqual(['0 release a,b,c', '3 b:filtered', '5 a:filtered', '5 c:delivered']);
  }),
);

test(
  'after the release a failure reaches the policy without its record',
  marbles(({ acks }) => {
    const asked: unknown[] = [];
    const { records, ack } = acks().batch(['a']);
    const guarded = intercept(
      ack,
      new SinkFailures((record) => {
        asked.push(record);
        return delivered;
      }, records),
    );
    guarded.release();
    guarded.settle(failed);
    expect(asked).toEqual([undefined]);
  }),
);

test(
  'an observed policy tells of each failure first, and gives up answers when the run has ended',
  marbles(({ expectObservable, hot }) => {
    const seen: unknown[] = [];
    const closed = new Subject<void>();
    const policy = observedPolicy(
      () => NEVER,
      (record) => seen.push(record),
      hot('---x'),
    );
    expectObservable(policy('a', failure) as typeof NEVER).toBe('---|');
    const now = observedPolicy(skip, (record) => seen.push(record), closed);
    expect(now('b', failure)).toEqual({ kind: 'filtered', failure });
    expect(seen).toEqual(['a', 'b']);
  }),
);
