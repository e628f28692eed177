import { setTimeout as wait } from 'node:timers/promises';

const EVERY_MS = 20;
const AT_MOST_MS = 5_000;

/** Waits until it holds; not for ever, since another client may have undone it. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + AT_MOST_MS;
  while (!(await holds()) && performance.now() < end) await wait(EVERY_MS);
}
