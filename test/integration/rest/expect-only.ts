import { expect } from 'vitest';
import type { ExpectedFailures } from './expected-failures.ts';
import type { Replayed } from './replay.ts';

/** Every step that is not expected to fail passes, and every one that is expected to still does. */
export function expectOnly({ failed }: Pick<Replayed, 'failed'>, expected: ExpectedFailures): void {
  const unexpected = Object.entries(failed).filter(([id]) => !Object.hasOwn(expected, id));
  expect(unexpected).toEqual([]);
  expect(Object.keys(failed).sort()).toEqual(Object.keys(expected).sort());
}
