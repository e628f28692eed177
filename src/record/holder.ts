import type { Handle } from './handle.ts';

/** Node that holds unsettled records of an ack, wherever forks and gathers have taken them; for the watchdog. */
export function holderOf(root: Handle): string {
  const open: Handle[] = [root];
  const seen = new Set<Handle>();
  let last = root.node;
  for (let handle = open.pop(); handle !== undefined; handle = open.pop()) {
    if (seen.has(handle)) continue;
    seen.add(handle);
    last = handle.node;
    if (handle.state === 'open' && handle.left > 0) return handle.node;
    const { next } = handle;
    if (next === undefined) continue;
    if (Array.isArray(next)) open.push(...next);
    else open.push(next as Handle);
  }
  return last;
}
