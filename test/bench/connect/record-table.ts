import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figures } from './report.ts';

const readme = fileURLToPath(new URL('../README.md', import.meta.url));
const [begin, end] = ['<!-- npm run bench -- connect --record -->', '<!-- end -->'];

/** Puts the table between its marks in the README of the benchmarks. */
export function recordTable(text: string, figures: Figures): void {
  const rounds = Math.max(...Object.values(figures).flatMap((rows) => Object.values(rows).map((all) => all.length)));
  const before = readFileSync(readme, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${readme} has no place for the table: ${begin} … ${end}`);
  writeFileSync(readme, `${before.slice(0, from)}${begin}\nMedians of ${rounds} rounds in turns.\n\n${text}\n${before.slice(to)}`);
}
