/** Snapshots of nodes, taken in the same step as the offsets they belong to. */
export class NodeStates {
  #stored: Readonly<Record<string, unknown>> = {};
  readonly #snapshots = new Map<string, () => unknown>();

  /** What the last run had stored. */
  load(stored: Readonly<Record<string, unknown>>): void {
    this.#stored = stored;
  }

  of(node: string): unknown {
    return this.#stored[node];
  }

  keep(node: string, snapshot: () => unknown): void {
    this.#snapshots.set(node, snapshot);
  }

  /** `undefined` when no node keeps state. */
  take(): Readonly<Record<string, unknown>> | undefined {
    if (this.#snapshots.size === 0) return undefined;
    const states: Record<string, unknown> = {};
    for (const [node, snapshot] of this.#snapshots) states[node] = snapshot();
    return states;
  }
}
