import { record } from '../record.ts';
import type { Figures } from './report.ts';

/** Puts the table between its marks in the README of the benchmarks. */
export function recordTable(text: string, figures: Figures, note: string): void {
  const rounds = Math.max(...Object.values(figures).flatMap((rows) => Object.values(rows).map((all) => all.length)));
  record('connect', () => `Rounds in turns: ${rounds}, of which these are the medians. ${note}\n\n${text}`);
}
