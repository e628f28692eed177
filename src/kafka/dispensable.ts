interface Buffered {
  readonly cursor: { readonly paused: boolean; readonly pausedAt: number };
  readonly bytes: number;
}

/**
 * What of a buffer, in reading order, may be given up and fetched again for so many bytes of room: the ends of what paused partitions hold.
 *
 * The one that is paused longest comes first, and the next chunk of a partition only when no other is left. Empty where all of it is too little.
 */
export function dispensable<C extends Buffered>(buffer: readonly C[], bytes: number): ReadonlySet<C> {
  const paused = buffer.filter(({ cursor }) => cursor.paused);
  const held = [...Map.groupBy(paused, ({ cursor }) => cursor)].sort(([a], [b]) => a.pausedAt - b.pausedAt).map(([, chunks]) => chunks);
  const inOrder = [...held.flatMap((chunks) => chunks.slice(1).reverse()), ...held.flatMap((chunks) => chunks.slice(0, 1))];
  const chosen = new Set<C>();
  let left = bytes;
  for (const chunk of inOrder) {
    if (left <= 0) break;
    chosen.add(chunk);
    left -= chunk.bytes;
  }
  return left > 0 ? new Set() : chosen;
}
