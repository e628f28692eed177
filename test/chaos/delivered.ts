import { createReadStream, existsSync } from 'node:fs';
import { lineOf } from './numbered-lines.ts';

/** What arrived of numbered lines. */
export interface Delivered {
  /** Whole lines. */
  readonly lines: number;
  readonly missing: number;
  readonly duplicates: number;
  /** Lines that a kill within a write cut off: the beginning of one that was sent. */
  readonly torn: number;
  /** Lines that nobody sent. */
  readonly foreign: number;
}

/** Counts which of the lines 0 … `total` - 1 a file holds, and how often. A missing file holds none. */
export async function delivered(file: string, total: number): Promise<Delivered> {
  const seen = new Uint8Array(total);
  let [lines, duplicates, torn, foreign] = [0, 0, 0, 0];
  for await (const line of linesOf(file)) {
    lines++;
    const n = Number.parseInt(line, 10);
    const sent = n >= 0 && n < total ? lineOf(n) : undefined;
    if (line !== sent) sent?.startsWith(line) ? torn++ : foreign++;
    else if (seen[n] === 1) duplicates++;
    else seen[n] = 1;
  }
  return { lines, duplicates, torn, foreign, missing: total - seen.reduce((sum, one) => sum + one, 0) };
}

async function* linesOf(file: string): AsyncGenerator<string> {
  if (!existsSync(file)) return;
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'latin1', highWaterMark: 1024 * 1024 })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
