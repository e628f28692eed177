import { setTimeout as wait } from 'node:timers/promises';

/** Between attempts to keep the work as it was divided, as Connect's. */
const firstWaitMs = 250;
const longestWaitMs = 60_000;
/** Between two that are told of. */
const tellEveryMs = 60_000;

export interface Keeping {
  /** Answers whether it is kept; `false`: it need not be any more. */
  keep(): Promise<boolean>;
  /** Asked before each attempt. */
  wanted(): boolean;
  /** Told why it is not kept yet, at once and then not more often than once a minute. */
  failed(error: unknown): void;
}

/** Tries until it is kept, or need not be, which gives `false`: a broker may be away for long. */
export async function untilKept({ keep, wanted, failed }: Keeping): Promise<boolean> {
  let toldAt = Number.NEGATIVE_INFINITY;
  for (let waitMs = firstWaitMs; wanted(); waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      return await keep();
    } catch (error) {
      if (performance.now() - toldAt >= tellEveryMs) {
        failed(error);
        toldAt = performance.now();
      }
      await wait(waitMs, undefined, { ref: false });
    }
  }
  return false;
}
