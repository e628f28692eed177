import { createReadStream, existsSync } from 'node:fs';

/** What arrived of numbered lines. */
export interface Delivered {
  /** Whole lines. */
  readonly lines: number;
  readonly missing: number;
  readonly duplicates: number;
  /** Lines that are none of those sent, such as one that a kill tore. */
  readonly foreign: number;
}

/** The line of a number; its length varies, so that a torn one cannot pass for another. */
export const lineOf = (n: number): string => `${n} ${'x'.repeat(80 + (n % 20))} ${n}`;

/** Counts which of the lines 0 … `total` - 1 a file holds, and how often. A missing file holds none. */
export async function delivered(file: string, total: number): Promise<Delivered> {
  const seen = new Uint8Array(total);
  let [lines, duplicates, foreign] = [0, 0, 0];
  for await (const line of linesOf(file)) {
    lines++;
    const n = Number.parseInt(line, 10);
    if (!(n >= 0 && n < total) || line !== lineOf(n)) foreign++;
    else if (seen[n] === 1) duplicates++;
    else seen[n] = 1;
  }
  return { lines, duplicates, foreign, missing: total - seen.reduce((sum, one) => sum + one, 0) };
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
