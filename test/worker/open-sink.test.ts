import { lastValueFrom, NEVER, of, Subject, throwError } from 'rxjs';
import type { Sink } from 'sluice/sdk';
import { expect, test } from 'vitest';
import { openSink } from '../../src/worker/open-sink.ts';

const sink: Sink<never> = { next: () => {} };

test.each([
  ['a sink', () => sink],
  ['a promise of one', () => Promise.resolve(sink)],
  ['an Observable of one', () => of(sink)],
  ['an array of one', () => [sink]],
])('takes %s', async (_title, open) => {
  expect(await lastValueFrom(openSink(open))).toBe(sink);
});

test('takes the first sink of an Observable that goes on', async () => {
  const opening = new Subject<Sink<never>>();
  const opened = lastValueFrom(openSink(() => opening));
  opening.next(sink);
  expect(await opened).toBe(sink);
  expect(opening.observed).toBe(false);
});

test('passes on why it could not be opened, thrown or not', async () => {
  await expect(lastValueFrom(openSink(() => throwError(() => new Error('no disk'))))).rejects.toThrow('no disk');
  const throwing = () => {
    throw new Error('no folder');
  };
  await expect(lastValueFrom(openSink(throwing))).rejects.toThrow('no folder');
});

test('closes a sink that comes when nobody waits any more', async () => {
  const { promise, resolve } = Promise.withResolvers<Sink<never>>();
  let closed = false;
  openSink(() => promise)
    .subscribe()
    .unsubscribe();
  const close = () => {
    closed = true;
    return NEVER;
  };
  resolve({ ...sink, close });
  await promise;
  expect(closed).toBe(true);
});
