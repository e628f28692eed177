/** Runs `work` and then calls what it was told to close, the last one first, however it ends. */
export async function closingInReverse<T>(work: (closing: (close: () => Promise<void>) => void) => Promise<T>): Promise<T> {
  const closers: (() => Promise<void>)[] = [];
  try {
    return await work((close) => closers.unshift(close));
  } finally {
    for (const close of closers) await close();
  }
}

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** For work that a stop has made pointless, and that fails with the reason of the signal then: that is no failure. */
export const unlessStopped =
  (stopped: AbortSignal) =>
  (error: unknown): void => {
    if (!stopped.aborted || error !== stopped.reason) throw error;
  };

const lingerMs = 1_000;

/** Ends the process with this code once nothing is under way, and soon in any case: a stop is not undone by a socket that somebody forgot. */
export function endProcess(code: number): void {
  process.exitCode = code;
  setTimeout(() => process.exit(code), lingerMs).unref();
}
