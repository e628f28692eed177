import { strictEqual } from 'node:assert/strict';
import type { Ack } from '../../../src/record/ack.ts';
import type { SourceBatch } from '../../../src/sdk/source.ts';
import type { Choices } from './choices.ts';
import type { Core } from './core.ts';
import { type Epoch, type Kind, leaf, type ModelBatch } from './forest-model.ts';

/** A random source batch, of one partition or several, and its model. Its records are entered in their epochs. */
export function randomEmission(
  choices: Choices,
  nextOffset: () => number,
  epochOf: (name: string) => Epoch,
): { readonly batch: ModelBatch; readonly emitted: SourceBatch<number> } {
  const names = Array.from({ length: choices.below(7) }, () => `p${choices.below(3)}`);
  const only = choices.maybe(3) ? undefined : `p${choices.below(3)}`;
  const progress = choices.of(['exact', 'exact', 'exact', 'whole', 'none'] as const);
  const offsets = names.map(nextOffset);
  const nodes = names.map(leaf);
  const groups = new Map<string, number[]>(only === undefined ? [] : [[only, []]]);
  names.forEach((name, i) => {
    const group = only ?? name;
    groups.set(group, [...(groups.get(group) ?? []), i]);
  });
  const epochs = [...groups].map(([name, rows]) => {
    const epoch = epochOf(name);
    // An offset without offsetAt is that of the last record, so of its partition only.
    const known = progress === 'exact' || (progress === 'whole' && rows.at(-1) === names.length - 1) ? progress : 'none';
    epoch.entries.push({ nodes: rows.map((i) => nodes[i] ?? leaf()), offsets: rows.map((i) => offsets[i] ?? 0), progress: known });
    return epoch;
  });
  const bytes = choices.below(60);
  const tells = choices.maybe(2);
  const seen = choices.maybe(3) ? nodes.map(() => undefined) : undefined;
  const batch: ModelBatch = { root: [], nodes, epochs, bytes, seen, told: undefined, tells };
  const emitted: SourceBatch<number> = {
    records: offsets,
    bytes,
    ...(only === undefined ? { partitionAt: (i: number) => ({ p: names[i] }) } : { partition: { p: only } }),
    ...(progress === 'exact' && { offsetAt: (i: number) => ({ at: offsets[i] }) }),
    ...(progress === 'whole' && names.length > 0 && { offset: { at: offsets.at(-1) } }),
    ...(tells && {
      settled: (outcomes) => {
        strictEqual(batch.told, undefined, 'told twice');
        batch.told = nodes.map((_, i) => outcomes.at(i).kind);
      },
    }),
  };
  return { batch, emitted };
}

/** The same ack, with a spy in front that keeps what each record was settled as, once. */
export function spied(core: Core, ack: Ack, seen: (Kind | undefined)[]): Ack {
  return core.intercept(ack, {
    settle: (inner, outcome) => {
      for (let i = 0; i < seen.length; i++) seen[i] ??= outcome.kind;
      inner.settle(outcome);
    },
    settleAt: (inner, i, outcome) => {
      strictEqual(seen[i], undefined, 'settled twice');
      seen[i] = outcome.kind;
      inner.settleAt(i, outcome);
    },
  });
}
