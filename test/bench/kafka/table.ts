import type { Job } from './job.ts';

/** Medians of one client. */
export interface Measured {
  readonly name: string;
  readonly seconds: number;
  readonly cpuPerMillion: number;
  readonly rssBytes: number | undefined;
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** In Markdown: the quotient says what part of the other's CPU time ours takes. */
export function table(title: string, run: { readonly records: number; readonly rounds: number }, measured: readonly Measured[]): string {
  const ours = cpuOf(measured, 'ours');
  const rows = measured.map(({ name, seconds, cpuPerMillion, rssBytes }) => [
    name,
    Math.round(run.records / seconds).toLocaleString('en'),
    cpuPerMillion.toFixed(2),
    ours === undefined ? '' : (ours / cpuPerMillion).toFixed(2),
    rssBytes === undefined ? '' : String(Math.round(rssBytes / 1e6)),
  ]);
  const all = [['client', 'records/s', 'CPU s per million', 'ours in proportion', 'RSS peak, MB'], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const [head = [], ...body] = all;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const facts = `${run.records.toLocaleString('en')} records; ${run.rounds > 1 ? `medians of ${run.rounds} rounds in turns` : 'one round'}.`;
  return `### ${title}\n\n${facts}\n\n${[line(head), rule, ...body.map(line)].join('\n')}`;
}

interface Bound {
  readonly than: string;
  readonly most: number;
}

const bounds: Record<Job['task'], { readonly cpuPerMillion: number; readonly ratios: readonly Bound[] }> = {
  produce: {
    cpuPerMillion: 1.2,
    ratios: [
      { than: 'kafkajs', most: 1 / 7 },
      { than: 'Java, tuned', most: 1 / 2 },
    ],
  },
  consume: {
    cpuPerMillion: 0.55,
    ratios: [
      { than: 'kafkajs', most: 1 / 3 },
      { than: 'Java, tuned', most: 1 / 2 },
    ],
  },
};

/** Whether ours keeps within its bounds; prints those that it misses. */
export function judge(task: Job['task'], measured: readonly Measured[]): boolean {
  const ours = cpuOf(measured, 'ours');
  if (ours === undefined) return true;
  const { cpuPerMillion, ratios } = bounds[task];
  const missed = ratios.flatMap(({ than, most }) => {
    const other = cpuOf(measured, than);
    return other === undefined || ours <= other * most ? [] : [`${(ours / other).toFixed(2)} of ${than}, and is to be ${most.toFixed(2)}`];
  });
  if (ours > cpuPerMillion) missed.push(`${ours.toFixed(2)} CPU s per million, and is to be ${cpuPerMillion}`);
  for (const miss of missed) console.log(`missed: ${task} takes ${miss}`);
  return missed.length === 0;
}

const cpuOf = (measured: readonly Measured[], client: string): number | undefined =>
  measured.find(({ name }) => name === client || name.startsWith(`${client}, `))?.cpuPerMillion;

/** What was recorded with newer tables in the place of those with their titles. */
export function withTables(recorded: string, tables: readonly string[]): string {
  const sections = new Map<string, string>();
  for (const section of [...recorded.split(/^(?=### )/m), ...tables]) {
    const [title = ''] = section.split('\n');
    if (title.startsWith('### ')) sections.set(title, section.trim());
  }
  return [...sections.values()].join('\n\n');
}
