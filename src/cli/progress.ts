import type { WriteStream } from 'node:tty';

/** How far one thing is, at one moment. */
export interface Progress {
  /** What it is: a pipeline's name, or `file → topic`. */
  readonly name: string;
  readonly records: number;
  /** Records that are still to come, as far as is known. */
  readonly lag?: number | undefined;
}

const lineEveryMs = 200;
const jsonEveryMs = 1_000;

/**
 * Shows progress on standard error until the returned function is called: one line that is drawn anew on a terminal; otherwise a JSON line
 * for each thing that has moved.
 */
export function showProgress(look: () => Promise<readonly Progress[]>, out: WriteStream = process.stderr): () => void {
  const before = new Map<string, { readonly records: number; readonly lag: number | undefined; readonly at: number }>();
  const rate = ({ name, records, lag }: Progress): { readonly perSecond: number; readonly moved: boolean } => {
    const at = performance.now();
    const last = before.get(name) ?? { records: 0, lag: undefined, at: started };
    before.set(name, { records, lag, at });
    const perSecond = Math.round(((records - last.records) * 1_000) / Math.max(1, at - last.at));
    return { perSecond, moved: records !== last.records || lag !== last.lag };
  };
  const started = performance.now();
  let over = false;
  const draw = async (): Promise<void> => {
    const rows = (await look()).map((progress) => ({ ...progress, ...rate(progress) }));
    if (!over)
      out.write(
        out.isTTY
          ? `\r\x1b[K${rows.map(sentence).join('  │  ')}`
          : rows
              .filter(({ moved }) => moved)
              .map(json)
              .join(''),
      );
  };
  // What is looked at may be gone when the work ends with an error, which is reported by whoever does the work.
  const timer = setInterval(() => void draw().catch(() => {}), out.isTTY ? lineEveryMs : jsonEveryMs);
  return () => {
    over = true;
    clearInterval(timer);
    if (out.isTTY) out.write('\r\x1b[K');
  };
}

type Row = Progress & { readonly perSecond: number };

const json = ({ name, records, perSecond, lag }: Row): string => `${JSON.stringify({ progress: name, records, perSecond, lag })}\n`;

function sentence({ name, records, perSecond, lag }: Row): string {
  const parts = [name, `${count(records)} records`, `${count(perSecond)}/s`, ...(lag === undefined ? [] : [`lag ${count(lag)}`])];
  return parts.join('  ');
}

const count = (n: number): string => n.toLocaleString('en');
