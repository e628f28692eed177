import { median } from '../kafka/table.ts';
import { chainJob, rowKey, rows } from './rows.ts';

/** Every figure of every round, by contender and row. */
export type Figures = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

const CONTROL = 'Sluice again';

/** In Markdown: medians, and what part of each Connect's figure Sluice's is. */
export function table(figures: Figures): string {
  const names = Object.keys(figures).filter((name) => name !== CONTROL);
  const head = ['', 'unit', ...names, 'of Connect', 'of tuned Connect', 'A/A'];
  const body = rows.flatMap((row) => {
    const of = (name: string): number | undefined => {
      const all = figures[name]?.[rowKey(row)];
      return all === undefined || all.length === 0 ? undefined : median(all);
    };
    if (names.every((name) => of(name) === undefined)) return [];
    const shown = names.map((name) => of(name)?.toLocaleString('en', { maximumFractionDigits: row.digits }) ?? '');
    const tuned = lowest(of('Sluice'), of('Sluice, tuned'), row.unit);
    const ratios = [quotient(of('Sluice'), of('Connect')), quotient(tuned, of('Connect, tuned')), quotient(of(CONTROL), of('Sluice'))];
    return [[row.title, row.unit, ...shown, ...ratios]];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i < 2 ? '---' : '--:'))), ...body.map(line)].join('\n');
}

const quotient = (a: number | undefined, b: number | undefined): string => (a === undefined || !b ? '' : (a / b).toFixed(2));

/** The better of Sluice's two; a rate is better when it is higher. */
function lowest(a: number | undefined, b: number | undefined, unit: string): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return unit.includes('records/s') ? Math.max(a, b) : Math.min(a, b);
}

interface Goal {
  readonly row: string;
  readonly of: string | undefined;
  readonly most: number;
}

/** What Sluice is held to: at most so much, or so much of what another contender takes. */
function goals(): readonly Goal[] {
  const cpu = rows.filter(({ unit }) => unit === 'CPU s per million');
  return [
    { row: rowKey({ title: 'start, warm', unit: 'ms' }), of: undefined, most: 600 },
    { row: rowKey({ title: 'idle', unit: 'RSS, MB' }), of: undefined, most: 110 },
    { row: rowKey({ title: 'line → topic, p50', unit: 'ms' }), of: undefined, most: 10 },
    { row: rowKey({ title: 'POST → RUNNING', unit: 'ms' }), of: undefined, most: 30 },
    ...cpu.flatMap((row) => [
      { row: rowKey(row), of: 'Connect', most: mostOf(row.title) },
      { row: rowKey(row), of: 'Connect, tuned', most: 1 / 2 },
    ]),
  ];
}

const mostOf = (title: string): number => (title === chainJob.row ? 1 / 2 : 1 / 4);

/** The goals that were measured and missed, a sentence each. */
export function missed(figures: Figures): readonly string[] {
  const of = (name: string, row: string): number | undefined => {
    const all = figures[name]?.[row];
    return all === undefined || all.length === 0 ? undefined : median(all);
  };
  return goals().flatMap(({ row, of: other, most }) => {
    const ours = other === 'Connect, tuned' ? lowest(of('Sluice', row), of('Sluice, tuned', row), row) : of('Sluice', row);
    const theirs = other === undefined ? 1 : of(other, row);
    if (ours === undefined || theirs === undefined || ours / theirs <= most) return [];
    return [`${row}: ${(ours / theirs).toFixed(2)}${other === undefined ? '' : ` of ${other}`}, and is to be ${most} at most`];
  });
}
