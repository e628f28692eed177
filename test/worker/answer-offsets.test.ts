import { of, throwError } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DriverError } from '../../src/kafka/driver.ts';
import { answerOffsets } from '../../src/worker/answer-offsets.ts';
import type { OffsetQuestion, Unit } from '../../src/worker/messages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const config = { name: 'c', 'connector.class': 'x' };
const unit: Unit = { kind: 'task', connector: 'c', task: 0, config, part: { source: config, sink: null }, partitions: 'all', pausedBy: [] };
const away = new DriverError('retriable', 'No broker answers.');

/** A store that gives these errors, one at a time, before it answers. */
function asking(errors: readonly Error[]) {
  const left = [...errors];
  const answer = <T>(value: T) => {
    const error = left.shift();
    return error === undefined ? of(value) : throwError(() => error);
  };
  const store = { load: () => answer([null]), loadState: () => answer({ node: 1 }), save: () => answer(undefined) as never };
  const ask = answerOffsets({ store: () => store });
  let wanted = true;
  return {
    left,
    forget: () => {
      wanted = false;
    },
    ask: (question: OffsetQuestion) => ask(unit, question, () => wanted),
  };
}

test.each([
  ['offsets', { kind: 'load', partitions: [{ file: 'x' }] }, { kind: 'loaded', offsets: [null] }],
  ['states', { kind: 'load-state' }, { kind: 'state', state: { node: 1 } }],
] as const)('while no broker answers, it is asked for %s again until one does', async (_, question, answer) => {
  const { ask } = asking([away, away, away]);
  const answered = ask(question);
  await vi.advanceTimersByTimeAsync(1_400);
  const early = await Promise.race([answered, Promise.resolve('waiting')]);
  expect(early).toBe('waiting');
  await vi.advanceTimersByTimeAsync(200);
  expect(await answered).toEqual(answer);
});

test('what is refused is not asked again', async () => {
  const refused = new DriverError('auth', 'Not allowed.');
  const { ask, left } = asking([refused, away]);
  await expect(ask({ kind: 'load-state' })).rejects.toBe(refused);
  expect(left).toEqual([away]);
});

test('nothing is asked for a task that is gone', async () => {
  const { ask, left, forget } = asking([away, away, away]);
  const answered = ask({ kind: 'load-state' });
  answered.catch(() => {});
  await vi.advanceTimersByTimeAsync(600);
  forget();
  await vi.advanceTimersByTimeAsync(5_000);
  await expect(answered).rejects.toBe(away);
  expect(left).toHaveLength(1);
});

test('a save is not repeated: the next commit does that', async () => {
  const { ask, left } = asking([away]);
  await expect(ask({ kind: 'save', offsets: [], state: undefined })).rejects.toBe(away);
  expect(left).toEqual([]);
});
