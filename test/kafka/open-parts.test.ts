import { expect, test } from 'vitest';
import { OpenParts } from '../../src/kafka/open-parts.ts';

const refused = () => new Error('It is closed.');

/** Counts how often it is closed. */
class Part {
  closed = 0;
  readonly #done: Promise<void>;

  constructor(done = Promise.resolve()) {
    this.#done = done;
  }

  async close(): Promise<void> {
    this.closed++;
    await this.#done;
  }
}

test('what is open is closed, once, and waited for', async () => {
  const parts = new OpenParts(refused);
  const done = Promise.withResolvers<void>();
  const part = await parts.keep(new Part(done.promise), 'close');
  let closed = false;
  const closing = Promise.all([parts.close(), parts.close()]).then(() => {
    closed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([part.closed, closed]).toEqual([1, false]);
  done.resolve();
  await closing;
});

test('what was closed by itself is forgotten, and what is being closed is waited for', async () => {
  const parts = new OpenParts(refused);
  const early = await parts.keep(new Part(), 'close');
  await early.close();
  const done = Promise.withResolvers<void>();
  const late = await parts.keep(new Part(done.promise), 'close');
  void late.close();
  const closing = parts.close();
  expect([early.closed, late.closed]).toEqual([1, 2]);
  done.resolve();
  await closing;
});

test('what comes too late is closed and refused', async () => {
  const parts = new OpenParts(refused);
  const closing = parts.close();
  const part = new Part();
  await expect(parts.keep(part, 'close')).rejects.toThrow('closed');
  expect(part.closed).toBe(1);
  await closing;
});

test('a part may be wrapped in a proxy that answers with a method of its own', async () => {
  const part = await new OpenParts(refused).keep(new Part(), 'close');
  const wrapped = new Proxy(part, { get: (target) => () => target.close() });
  await wrapped.close();
  expect(part.closed).toBe(1);
});
