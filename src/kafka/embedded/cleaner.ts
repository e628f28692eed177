import type { Broker } from './broker.ts';
import { Compaction } from './compaction.ts';
import { Retention } from './retention.ts';
import type { Query } from './store.ts';
import { closedError } from './store-errors.ts';

/** Free pages beyond these, as bytes and as a share of the file, are given back to the disk. */
const KEPT_FREE = { bytes: 64 * 1024 * 1024, share: 0.25 } as const;
const VACUUM_PAGES = 256;

interface PartitionRow {
  readonly id: number;
  readonly name: string | null;
  readonly partition: number;
}

/** Applies retention and compaction of all topics, in steps short enough that readers and writers are not held up. */
export class Cleaner {
  readonly #broker: Broker;
  readonly #retention: Retention;
  readonly #compaction: Compaction;
  readonly #partitions: Query<PartitionRow>;
  readonly #space: Query<{ free: number; pages: number; pageBytes: number }>;
  readonly #vacuum: Query;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(broker: Broker) {
    const { store } = broker;
    this.#broker = broker;
    this.#retention = new Retention(broker);
    this.#compaction = new Compaction(broker);
    this.#partitions = store.query('SELECT p.id, t.name, p.partition FROM partition p LEFT JOIN topic t ON t.id = p.topic ORDER BY p.id');
    this.#space = store.query(
      'SELECT freelist_count AS free, page_count AS pages, page_size AS pageBytes FROM pragma_freelist_count, pragma_page_count, pragma_page_size',
    );
    this.#vacuum = store.query(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
  }

  /** One run over everything, behind one that is under way. With `onlyDue`, topics are compacted only where it is worth it. */
  run({ onlyDue }: { readonly onlyDue: boolean }): Promise<void> {
    const run = this.#running.then(() => this.#clean(onlyDue, Date.now()));
    this.#running = run.catch(() => undefined);
    return run;
  }

  /** Ends a run at its next step, and waits for that. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #clean(onlyDue: boolean, now: number): Promise<void> {
    if (this.#closed) throw closedError('cleaner');
    for (const { id, name, partition } of this.#partitions.all()) {
      const settings = name === null ? undefined : this.#broker.catalog.find(name)?.settings;
      while (await this.#retention.step(id, settings, now)) if (!(await this.#turn())) return;
      if (name === null || settings?.compact !== true) continue;
      if (onlyDue && !this.#compaction.due(id, settings, now)) continue;
      await this.#compaction.run(id, { topic: name, partition }, settings, now, () => this.#turn());
    }
    while (this.#sparse() && (await this.#turn())) await this.#broker.write(() => this.#vacuum.all());
  }

  /** Lets everybody else work; `false` when the broker closes. */
  async #turn(): Promise<boolean> {
    await new Promise(setImmediate);
    return !this.#closed;
  }

  #sparse(): boolean {
    const { free, pages, pageBytes } = this.#space.get() ?? { free: 0, pages: 0, pageBytes: 0 };
    return free * pageBytes > KEPT_FREE.bytes && free > pages * KEPT_FREE.share;
  }
}
