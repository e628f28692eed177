import { constants } from 'node:os';

export interface StopSignal {
  /** Aborts with the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** What the process should end with: 128 + number of the signal that came, `undefined` when none did. */
  exitCode(): number | undefined;
  /** Gives signals back to Node.js. */
  release(): void;
}

/** Listens for requests to end: the first one asks for a drain, the second one ends the process at once (nothing is lost: what was not committed repeats). */
export function stopSignal(announce: (signal: NodeJS.Signals) => void): StopSignal {
  const abort = new AbortController();
  let code: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (code !== undefined) process.exit(code);
    code = 128 + constants.signals[signal];
    announce(signal);
    abort.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: abort.signal,
    exitCode: () => code,
    release: () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
