/** The next offset to read of a partition, as groups keep it. */
export interface Position {
  readonly offset: number;
  /** Leader epoch of what was read before it, as far as it is known: tells whether the log still has that (KIP-320). */
  readonly leaderEpoch?: number | undefined;
}
