import { deepStrictEqual } from 'node:assert/strict';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';

/** What a marble test works with: the helpers of RxJS, and the scheduler to pass as *every* scheduler of the code under test. */
export interface MarbleHelpers extends RunHelpers {
  readonly scheduler: TestScheduler;
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
  scheduler.run((helpers) => body({ ...helpers, scheduler }));
};
