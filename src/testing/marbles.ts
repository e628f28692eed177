import { deepStrictEqual } from 'node:assert/strict';
import { map, type Observable } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import type { Flow } from '../record/ack.ts';
import type { Batch } from '../record/batch.ts';
import { type TestAcks, testAcks } from './acks.ts';

/** What a marble test works with: the helpers of RxJS, and the scheduler to pass as *every* scheduler of the code under test. */
export interface MarbleHelpers extends RunHelpers {
  readonly scheduler: TestScheduler;
  /** Acks in virtual time, for tests of one operator or sink. */
  acks(flow?: Partial<Flow>): TestAcks;
  /** A stream of batches: each character is a batch of one, the character itself unless `values` says otherwise; an array is a batch. */
  batches<R = string>(acks: TestAcks, marbles: string, values?: Readonly<Record<string, R | readonly R[]>>): Observable<Batch<R>>;
}

/**
 * Makes the body of a test that runs in virtual time; one frame is a millisecond.
 *
 * Pass `scheduler` wherever the code takes a scheduler: mixing in RxJS's own schedulers fails with "Expected a due immediate or
 * interval" when one cancels what is due in the same frame. Promises are invisible here.
 *
 *     test('waits for room', marbles(({ hot, expectObservable }) => { … }));
 */
export const marbles = (body: (helpers: MarbleHelpers) => void) => (): void => {
  const scheduler = new TestScheduler((actual, expected) => deepStrictEqual(actual, expected));
  scheduler.run((helpers) => {
    const batches = <R>(acks: TestAcks, diagram: string, values: Readonly<Record<string, R | readonly R[]>> = {}) =>
      helpers.cold(diagram).pipe(
        map((character) => {
          const value = values[character] ?? (character as R);
          return acks.batch<R>(Array.isArray(value) ? value : [value as R]);
        }),
      );
    body({ ...helpers, scheduler, acks: (flow) => testAcks(scheduler, flow), batches });
  });
};

/** The records of each batch: a batch of one as its record, others as an array. */
export const recordsOf = <R>(batches: Observable<Batch<R>>): Observable<R | readonly R[]> =>
  batches.pipe(map(({ records }) => (records.length === 1 ? (records[0] as R) : records)));
