import { setTimeout as wait } from 'node:timers/promises';

/** Between attempts to keep the work as it was divided, as Connect's. */
const firstWaitMs = 250;
const longestWaitMs = 60_000;

/** Tries until it is kept, or not wanted any more, which gives `false`: a broker may be away for long. */
export async function untilKept(keep: () => Promise<void>, wanted: () => boolean): Promise<boolean> {
  for (let waitMs = firstWaitMs; wanted(); waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      await keep();
      return true;
    } catch {
      await wait(waitMs, undefined, { ref: false });
    }
  }
  return false;
}
