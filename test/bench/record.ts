import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const readme = fileURLToPath(new URL('README.md', import.meta.url));
const end = '<!-- end -->';

/** Puts what a benchmark found between its marks in the README of the benchmarks; `change` is given what stands there. */
export function record(bench: string, change: (recorded: string) => string): void {
  const begin = `<!-- npm run bench -- ${bench} --record -->`;
  const before = readFileSync(readme, 'utf8');
  const from = before.indexOf(begin);
  const to = before.indexOf(end, from);
  if (from < 0 || to < from) throw new Error(`${readme} has no place for ${bench}: ${begin} … ${end}`);
  const text = change(before.slice(from + begin.length, to));
  writeFileSync(readme, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}
