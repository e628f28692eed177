import type { SourceBatch } from '../sdk/source.ts';
import { type Emission, Entry } from './entry.ts';
import type { Partition } from './partition.ts';

/** Which entry each record of a batch of several partitions belongs to. */
export class Mixture {
  readonly entries: readonly Entry[];
  readonly #entryOf: Uint32Array;
  #positionOf: Uint32Array | undefined = undefined;

  constructor(entries: readonly Entry[], entryOf: Uint32Array) {
    this.entries = entries;
    this.#entryOf = entryOf;
  }

  entryOf(index: number): Entry | undefined {
    return this.entries[this.#entryOf[index]!];
  }

  /** Position of a record in its entry; the first call makes the positions of all. */
  positionOf(index: number): number {
    this.#positionOf ??= this.#positions();
    return this.#positionOf[index]!;
  }

  #positions(): Uint32Array {
    const positions = new Uint32Array(this.#entryOf.length);
    const rows = this.entries.map((entry) => new Uint32Array(entry.count));
    const filled = new Uint32Array(rows.length);
    for (let i = 0; i < positions.length; i++) {
      const k = this.#entryOf[i]!;
      const position = filled[k]!;
      positions[i] = position;
      rows[k]![position] = i;
      filled[k] = position + 1;
    }
    this.entries.forEach((entry, k) => {
      entry.rows = rows[k];
    });
    return positions;
  }
}

let stamp = 0;

/** Divides a batch by partition: one entry each, and the lookup when there are several. */
export function divide(
  batch: SourceBatch<unknown>,
  partitionAt: (index: number) => Partition,
  emission: Emission,
): { readonly entries: readonly Entry[]; readonly mixture: Mixture | undefined } {
  const size = batch.records.length;
  const entryOf = new Uint32Array(size);
  const partitions: Partition[] = [];
  const counts: number[] = [];
  const lastRows: number[] = [];
  stamp += 1;
  for (let i = 0; i < size; i++) {
    const partition = partitionAt(i);
    if (partition.stamp !== stamp) {
      partition.stamp = stamp;
      partition.ordinal = partitions.push(partition) - 1;
      counts.push(0);
      lastRows.push(0);
    }
    const k = partition.ordinal;
    entryOf[i] = k;
    counts[k]! += 1;
    lastRows[k] = i;
  }
  let bytesLeft = batch.bytes ?? 0;
  const entries = partitions.map((partition, k) => {
    const count = counts[k]!;
    const lastRow = lastRows[k]!;
    const bytes = k === partitions.length - 1 ? bytesLeft : Math.floor(((batch.bytes ?? 0) * count) / size);
    bytesLeft -= bytes;
    const offset = lastRow === size - 1 ? batch.offset : undefined;
    return new Entry(partition, emission, { count, bytes, offset, offsetAt: batch.offsetAt, lastRow });
  });
  for (let k = 1; k < entries.length; k++) entries[k - 1]!.sibling = entries[k];
  return { entries, mixture: entries.length > 1 ? new Mixture(entries, entryOf) : undefined };
}
