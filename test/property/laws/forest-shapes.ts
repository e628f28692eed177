import type { Children } from '../../../src/record/fork.ts';
import type { Parents } from '../../../src/record/gather.ts';
import type { Choices } from './choices.ts';

/** The parents of each child of a gather, as positions in all records of its inputs. */
export interface Rows {
  readonly kind: Parents['kind'];
  readonly rows: readonly (readonly number[])[];
}

/** Outputs of a fork: a route (each record in one output or none), or any number of independent ones. */
export function randomOutputs(choices: Choices, size: number): readonly Children[] {
  if (!choices.maybe(3)) return Array.from({ length: choices.below(4) }, () => randomChildren(choices, size));
  const routed: number[][] = [[], [], [], []];
  for (let i = 0; i < size; i++) routed[choices.below(4)]?.push(i);
  return routed.slice(1).map((parents) => Uint32Array.from(parents));
}

function randomChildren(choices: Choices, size: number): Children {
  const shape = choices.below(4);
  if (shape === 0 || size === 0) return shape === 0 ? 'all' : new Uint32Array(0);
  if (shape === 1) return Uint32Array.from(Array.from({ length: choices.below(6) }, () => choices.below(size)));
  const kept = Array.from({ length: size }, (_, i) => i).filter(() => choices.below(2) === 1);
  return Uint32Array.from(shape === 2 ? kept : kept.flatMap((i) => (choices.maybe(3) ? [i, i] : [i])));
}

export function randomRows(choices: Choices, records: number): Rows {
  const every = Array.from({ length: records }, (_, e) => e);
  const kind = choices.of(['concat', 'all', 'edges'] as const);
  if (kind === 'concat') return { kind, rows: every.map((e) => [e]) };
  const size = choices.below(4);
  if (kind === 'all') return { kind, rows: Array.from({ length: size }, () => every) };
  const row = () => (records === 0 ? [] : Array.from({ length: choices.below(4) }, () => choices.below(records)));
  return { kind, rows: Array.from({ length: size }, row) };
}

/** `records[e]`: which input (k) and which of its records (i) position e is. */
export function parentsOf({ kind, rows }: Rows, records: readonly { readonly k: number; readonly i: number }[]): Parents {
  if (kind === 'concat') return { kind };
  if (kind === 'all') return { kind, size: rows.length };
  const at = [0];
  for (const row of rows) at.push((at.at(-1) ?? 0) + row.length);
  const edges = rows.flat().map((e) => records[e]);
  const of = (pick: (record: { readonly k: number; readonly i: number }) => number) =>
    Uint32Array.from(edges.map((record) => (record === undefined ? 0 : pick(record))));
  return { kind, at: Uint32Array.from(at), ack: of(({ k }) => k), index: of(({ i }) => i) };
}
