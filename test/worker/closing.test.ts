import { EMPTY, lastValueFrom, NEVER, of, throwError, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { closing } from '../../src/worker/closing.ts';

/** A `close` that ends when told to, and what happened. */
function closer() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const close = () => {
    seen.push('close');
    return promise.then(() => seen.push('closed'));
  };
  return { seen, close, resolve };
}

test('completes after it is closed, once', async () => {
  const { seen, close, resolve } = closer();
  const values = lastValueFrom(closing(of(1, 2), close).pipe(toArray())).then((all) => {
    seen.push('completed');
    return all;
  });
  resolve();
  expect(await values).toEqual([1, 2]);
  expect(seen).toEqual(['close', 'closed', 'completed']);
});

test('errors after it is closed, with the error of the work', async () => {
  const { seen, close, resolve } = closer();
  resolve();
  const failing = closing(
    throwError(() => new Error('work')),
    () => close().then(() => Promise.reject(new Error('closing'))),
  );
  await expect(lastValueFrom(failing)).rejects.toThrow('work');
  expect(seen).toEqual(['close', 'closed']);
});

test('errors when only closing fails', async () => {
  const failing = closing(EMPTY, () => Promise.reject(new Error('closing')));
  await expect(lastValueFrom(failing)).rejects.toThrow('closing');
});

test('closes when it is unsubscribed', () => {
  const { seen, close } = closer();
  closing(NEVER, close).subscribe().unsubscribe();
  expect(seen).toEqual(['close']);
});
