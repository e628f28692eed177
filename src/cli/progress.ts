import type { WriteStream } from 'node:tty';

/** How far something is, at one moment. */
export interface Progress {
  /** What is going on, such as `file → topic`. */
  readonly phase: string;
  readonly records: number;
  /** Records that are still to come, as far as is known. */
  readonly lag?: number | undefined;
}

const lineEveryMs = 200;
const jsonEveryMs = 1_000;

/**
 * Shows progress on standard error until the returned function is called: one line that is drawn anew on a terminal, JSON lines otherwise.
 * `look` is called each time and answers `undefined` while there is nothing to tell.
 */
export function showProgress(look: () => Progress | undefined, out: WriteStream = process.stderr): () => void {
  let last = { records: 0, at: performance.now(), phase: '' };
  const draw = (): void => {
    const now = look();
    if (now === undefined) return;
    const at = performance.now();
    if (now.phase !== last.phase) last = { records: 0, at: last.at, phase: now.phase };
    const perSecond = Math.round(((now.records - last.records) * 1_000) / Math.max(1, at - last.at));
    last = { records: now.records, at, phase: now.phase };
    out.write(
      out.isTTY
        ? `\r\x1b[K${sentence(now, perSecond)}`
        : `${JSON.stringify({ progress: now.phase, ...now, phase: undefined, perSecond })}\n`,
    );
  };
  const timer = setInterval(draw, out.isTTY ? lineEveryMs : jsonEveryMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (out.isTTY) out.write('\r\x1b[K');
  };
}

function sentence({ phase, records, lag }: Progress, perSecond: number): string {
  const parts = [phase, `${count(records)} records`, `${count(perSecond)}/s`, ...(lag === undefined ? [] : [`lag ${count(lag)}`])];
  return parts.join('  ');
}

const count = (n: number): string => n.toLocaleString('en');
