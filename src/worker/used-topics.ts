/** The topics that connectors wrote to or read from. */
export class UsedTopics {
  readonly #byConnector = new Map<string, Set<string>>();

  add(connector: string, topics: readonly string[]): void {
    const known = this.#byConnector.get(connector) ?? new Set();
    for (const topic of topics) known.add(topic);
    this.#byConnector.set(connector, known);
  }

  of(connector: string): readonly string[] {
    return [...(this.#byConnector.get(connector) ?? [])];
  }

  forget(connector: string): void {
    this.#byConnector.delete(connector);
  }
}
