import type { Ack } from '../../../src/record/ack.ts';
import type { Children } from '../../../src/record/fork.ts';
import type { Outcome } from '../../../src/record/outcome.ts';

export type Kind = Outcome['kind'];
export const kinds: readonly Kind[] = ['filtered', 'delivered', 'returned', 'failed'];

/** One record, or one child of it: settled when all its children are. */
export interface Node {
  value: Kind | undefined;
  /** `undefined`: a leaf, which its ack settles. */
  children: readonly Node[] | undefined;
  gate: Gate | undefined;
}

/** What an interceptor holds back until it opens. */
export interface Gate {
  open: boolean;
  readonly waiting: (() => void)[];
}

/** One ack and its records. */
export interface Held {
  readonly ack: Ack;
  readonly nodes: readonly Node[];
  readonly batches: ReadonlySet<ModelBatch>;
  next: readonly Held[];
  state: 'open' | 'spent' | 'closed';
  released: boolean;
}

/** One assignment of a partition. */
export interface Epoch {
  readonly name: string;
  revoked: boolean;
  readonly entries: Entry[];
  /** Last offset that was taken. */
  taken: number | undefined;
}

/** Records of one partition in one batch; offsets in their order. */
export interface Entry {
  readonly nodes: readonly Node[];
  readonly offsets: readonly number[];
  readonly progress: 'exact' | 'whole' | 'none';
}

export interface ModelBatch {
  readonly root: Held[];
  readonly nodes: readonly Node[];
  readonly epochs: readonly Epoch[];
  readonly bytes: number;
  /** What a spy at the root saw; `undefined`: no spy. */
  readonly seen: (Kind | undefined)[] | undefined;
  /** What the source was told. */
  told: readonly Kind[] | undefined;
  readonly tells: boolean;
}

export const leaf = (): Node => ({ value: undefined, children: undefined, gate: undefined });
const worst = (all: readonly Kind[]): Kind => all.reduce((a, b) => (kinds.indexOf(b) > kinds.indexOf(a) ? b : a), 'filtered');

export function settledAs(node: Node): Kind | undefined {
  if (node.value !== undefined) return node.value;
  if (node.children === undefined || node.gate?.open === false) return undefined;
  const values: Kind[] = [];
  for (const child of node.children) {
    const value = settledAs(child);
    if (value === undefined) return undefined;
    values.push(value);
  }
  node.value = worst(values);
  return node.value;
}

/** Nothing of this ack's data is in use: it was released, has settled, or all that took over are accounted for. */
function accounted(held: Held): boolean {
  if (held.released) return true;
  const done = held.nodes.every((node) => settledAs(node) !== undefined);
  held.released = done || (held.next.length > 0 && held.next.every(accounted));
  return held.released;
}

export const isStale = (batches: ReadonlySet<ModelBatch>): boolean =>
  [...batches].every(({ epochs }) => epochs.length > 0 && epochs.every(({ revoked }) => revoked));

/** Offset at the watermark of an assignment. */
export function committable(epoch: Epoch): number | undefined {
  let offset: number | undefined;
  for (const { nodes, offsets, progress } of epoch.entries) {
    const good = (node: Node) => settledAs(node) === 'filtered' || settledAs(node) === 'delivered';
    const blocked = nodes.findIndex((node) => !good(node));
    const settled = blocked === -1 ? nodes.length : blocked;
    if (blocked === -1 && progress !== 'none') offset = offsets.at(-1) ?? offset;
    else if (progress === 'exact' && settled > 0) offset = offsets[settled - 1];
    if (blocked !== -1) return offset;
  }
  return offset;
}

export const outcomeOf = (kind: Kind): Outcome =>
  kind === 'failed' ? { kind, failure: { stage: 'TASK_PUT', node: 'sink', error: 'broken' } } : { kind };

/** Makes the children of spent records. */
export function grow(from: Held, children: readonly (readonly Node[])[]): void {
  from.state = 'spent';
  from.nodes.forEach((node, i) => {
    node.children = children[i] ?? [];
  });
}

/** Leaves for the outputs of a fork (`next`), and the same by parent (`grown`). */
export function grownBy(from: Held, outputs: readonly Children[]): { readonly grown: Node[][]; readonly next: Node[][] } {
  const grown: Node[][] = from.nodes.map(() => []);
  const next = outputs.map((children) => {
    const parents = children === 'all' ? from.nodes.map((_, i) => i) : [...children];
    return parents.map((parent) => {
      const node = leaf();
      grown[parent]?.push(node);
      return node;
    });
  });
  return { grown, next };
}

/** A leaf for each row of a gather, and what becomes of each record: the leaves whose rows name its position. */
export function gatheredBy(
  records: readonly { readonly node: Node }[],
  rows: readonly (readonly number[])[],
): { readonly nodes: Node[]; readonly childrenOf: (node: Node) => readonly Node[] } {
  const children = new Map<Node | undefined, Node[]>(records.map(({ node }) => [node, []]));
  const nodes = rows.map((row) => {
    const child = leaf();
    for (const e of row) children.get(records[e]?.node)?.push(child);
    return child;
  });
  return { nodes, childrenOf: (node) => children.get(node) ?? [] };
}

/** What is unsettled, and what of it the window still holds. */
export function sumsOf(batches: readonly ModelBatch[]): { readonly unsettled: number; readonly held: number; readonly heldBytes: number } {
  const sums = { unsettled: 0, held: 0, heldBytes: 0 };
  for (const { root, nodes, bytes } of batches) {
    const unsettled = nodes.filter((node) => settledAs(node) === undefined).length;
    sums.unsettled += unsettled;
    if (unsettled === 0 || root.every(accounted)) continue;
    sums.held += unsettled;
    sums.heldBytes += bytes;
  }
  return sums;
}
