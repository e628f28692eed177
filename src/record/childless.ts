import type { Counters } from './counters.ts';
import { filtered } from './outcome.ts';
import type { Port } from './port.ts';

/** Settles the records without children as filtered, and returns how many there are. */
export function settleChildless(parent: Port, children: Counters): number {
  const size = children.length;
  let childless = 0;
  for (let i = 0; i < size; i++) if (children[i] === 0) childless++;
  if (childless === 0) return 0;
  if (childless === size) {
    parent.rest(filtered);
    return size;
  }
  const indexes = new Uint32Array(childless);
  let at = 0;
  for (let i = 0; i < size; i++) if (children[i] === 0) indexes[at++] = i;
  parent.many(indexes, filtered);
  return childless;
}
