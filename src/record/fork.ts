import { recordErrors } from '../errors/record.ts';
import type { Ack } from './ack.ts';
import { settleChildless } from './childless.ts';
import { type Counters, counters } from './counters.ts';
import { FilterPort } from './filter-port.ts';
import { Handle, spend, succeed } from './handle.ts';
import { indexes } from './indexes.ts';
import { joinBranches } from './join.ts';
import { filtered } from './outcome.ts';
import { DeadPort, type Port } from './port.ts';
import { splitBranches } from './split.ts';

/** `children[j]` is the parent of child j of one output; `all`: child j has parent j, and nothing is allocated. */
export type Children = 'all' | Uint32Array;

/**
 * Gives each output of a node its own ack, and spends the given one.
 *
 * A record with no child in any output is `filtered` at once; a record with children settles when all of them have, the worst outcome
 * wins. Slots are released early when every output has released or settled. The arrays are kept: do not change them afterwards.
 */
export function fork(ack: Ack, outputs: readonly Children[]): Ack[] {
  const { size, node } = ack;
  const parent = spend(ack, 'forked');
  if (outputs.length === 1 && outputs[0] !== undefined) {
    const children = outputs[0];
    const handle = new Handle(only(parent, size, node, children), children === 'all' ? size : children.length, node);
    succeed(ack, handle);
    return [handle];
  }
  const ports = several(parent, size, node, outputs);
  const handles = outputs.map((children, k) => new Handle(ports[k] ?? parent, children === 'all' ? size : children.length, node));
  succeed(ack, handles);
  return handles;
}

function only(parent: Port, size: number, node: string, children: Children): Port {
  if (children === 'all') return parent;
  const order = orderOf(children);
  if (order === 'none') return several(parent, size, node, [children])[0] ?? parent;
  const last = children.length === 0 ? -1 : children[children.length - 1]!;
  if (last >= size) return outside(parent, node, last, size);
  if (order === 'strict' && children.length === size) return parent;
  settleGaps(parent, size, children);
  if (children.length === 0) return parent;
  return order === 'strict' ? new FilterPort(parent, children) : (joinBranches(parent, size, [children])[0] ?? parent);
}

function several(parent: Port, size: number, node: string, outputs: readonly Children[]): readonly Port[] {
  if (outputs.length > 0 && outputs.every((children) => children === 'all')) return joinBranches(parent, size, outputs);
  const counts = counters(size);
  for (const children of outputs) {
    const wrong = count(counts, size, children);
    if (wrong !== undefined) {
      const dead = outside(parent, node, wrong, size);
      return outputs.map(() => dead);
    }
  }
  if (settleChildless(parent, counts) === size) return outputs.map(() => parent);
  const arrays = disjoint(counts, outputs);
  return arrays === undefined ? joinBranches(parent, size, outputs, counts) : splitBranches(parent, arrays);
}

/** Adds the children to the counts; returns the first parent that does not exist. */
function count(counts: Counters, size: number, children: Children): number | undefined {
  if (children === 'all') {
    for (let i = 0; i < size; i++) counts[i]! += 1;
    return undefined;
  }
  for (const parent of children) {
    if (parent >= size) return parent;
    counts[parent]! += 1;
  }
  return undefined;
}

/** The outputs, when no record has children in two of them or twice in one. */
function disjoint(counts: Counters, outputs: readonly Children[]): readonly Uint32Array[] | undefined {
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 1) return undefined;
  const arrays = outputs.filter((children) => children !== 'all');
  return arrays.length === outputs.length ? arrays : undefined;
}

function orderOf(children: Uint32Array): 'strict' | 'rising' | 'none' {
  let strict = true;
  for (let j = 1; j < children.length; j++) {
    const step = children[j]! - children[j - 1]!;
    if (step < 0) return 'none';
    if (step === 0) strict = false;
  }
  return strict ? 'strict' : 'rising';
}

/** Settles the records that rising parents leave out. */
function settleGaps(parent: Port, size: number, rising: Uint32Array): void {
  const gaps: number[] = [];
  let next = 0;
  for (let j = 0; j < rising.length; j++) {
    const at = rising[j]!;
    while (next < at) gaps.push(next++);
    if (next === at) next++;
  }
  while (next < size) gaps.push(next++);
  if (gaps.length === size) parent.rest(filtered);
  else if (gaps.length > 0) parent.many(indexes(gaps), filtered);
}

function outside(parent: Port, node: string, index: number, size: number): Port {
  parent.origins.flow.fail(recordErrors.INDEX_OUTSIDE({ node, use: 'fork', index, size }));
  return new DeadPort(parent.origins);
}
