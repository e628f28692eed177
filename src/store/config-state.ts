import type { ConfigRecord, KeptConfig, KeptRestart, KeptTarget, SessionKey } from './config-records.ts';

/** What a record that was read has changed, for those who act on it. */
export type ConfigChange =
  | { readonly kind: 'connector' | 'removed' | 'target' | 'tasks'; readonly name: string }
  | ({ readonly kind: 'restart'; readonly name: string } & KeptRestart)
  | { readonly kind: 'session-key' }
  | { readonly kind: 'log-level'; readonly logger: string; readonly level: string };

/** A connector as it is kept: its raw configuration, and what state a user wants it in. */
export interface KeptConnector {
  readonly config: KeptConfig;
  readonly target: KeptTarget;
}

/** Task configs that were committed together. */
interface Committed {
  readonly tasks: readonly KeptConfig[];
  /** Config of the connector from which the tasks were made. */
  readonly applied: KeptConfig;
}

const noTasks: readonly KeptConfig[] = [];

/**
 * What the records of a config topic mean together, read in their order, as Kafka Connect reads them.
 *
 * Task configs count when their commit is read and all of them are there: compaction may have left only some. A connector of which some are
 * missing is inconsistent: it has no tasks until new ones are committed.
 */
export class ConfigState {
  readonly #configs = new Map<string, KeptConfig>();
  readonly #targets = new Map<string, KeptTarget>();
  readonly #committed = new Map<string, Committed>();
  readonly #deferred = new Map<string, Map<number, KeptConfig>>();
  readonly #inconsistent = new Set<string>();
  /** Outlive their connector, so that one of the same name goes on counting. */
  readonly #generations = new Map<string, number>();
  /** Most tasks that were ever committed. */
  readonly #mostTasks = new Map<string, number>();
  #session: SessionKey | undefined;

  /** In the order in which they were first made. */
  get connectors(): ReadonlyMap<string, KeptConnector> {
    return new Map(Array.from(this.#configs, ([name, config]) => [name, { config, target: this.#target(name) }]));
  }

  get sessionKey(): SessionKey | undefined {
    return this.#session;
  }

  connector(name: string): KeptConnector | undefined {
    const config = this.#configs.get(name);
    return config && { config, target: this.#target(name) };
  }

  /** Configs of the tasks of a connector, by their number: the same object until others are committed. */
  tasks(name: string): readonly KeptConfig[] {
    return this.#inconsistent.has(name) ? noTasks : (this.#committed.get(name)?.tasks ?? noTasks);
  }

  /** Whether a task ever had a config, be it that it has none now: Connect remembers that as long as its connector is there. */
  knowsTask(name: string, task: number): boolean {
    return task >= 0 && task < (this.#mostTasks.get(name) ?? 0);
  }

  /** Counts the commits of tasks, beginning with 0; `undefined` before the first. */
  generation(name: string): number | undefined {
    return this.#generations.get(name);
  }

  /** The config from which the tasks were made, which may be older than the connector's. */
  applied(name: string): KeptConfig | undefined {
    return this.#committed.get(name)?.applied;
  }

  apply(record: ConfigRecord): ConfigChange | undefined {
    switch (record.kind) {
      case 'connector':
        return record.config === undefined ? this.#remove(record.name) : this.#configure(record.name, record.config);
      case 'task':
        return this.#defer(record.name, record.task, record.config);
      case 'commit':
        return this.#commit(record.name, record.tasks);
      case 'target':
        return this.#aim(record.name, record.target, record.tombstone);
      case 'session-key':
        this.#session = record.session ?? this.#session;
        return record.session && { kind: 'session-key' };
      case 'log-level':
        return record.level === undefined ? undefined : { kind: 'log-level', logger: record.logger, level: record.level };
      case 'restart':
        return record;
      case 'fencing':
        // Of source tasks that write exactly once.
        return undefined;
    }
  }

  #target(name: string): KeptTarget {
    return this.#targets.get(name) ?? 'STARTED';
  }

  #configure(name: string, config: KeptConfig): ConfigChange {
    this.#configs.set(name, config);
    return { kind: 'connector', name };
  }

  #remove(name: string): ConfigChange | undefined {
    const known = this.#configs.delete(name);
    this.#forgetTasks(name);
    return known ? { kind: 'removed', name } : undefined;
  }

  #aim(name: string, target: KeptTarget | undefined, tombstone: boolean): ConfigChange | undefined {
    if (target === undefined && !tombstone) return undefined;
    const before = this.#target(name);
    if (target === undefined) this.#targets.delete(name);
    else this.#targets.set(name, target);
    return this.#configs.has(name) && this.#target(name) !== before ? { kind: 'target', name } : undefined;
  }

  #defer(name: string, task: number, config: KeptConfig | undefined): undefined {
    if (config === undefined) return;
    const deferred = this.#deferred.get(name) ?? new Map<number, KeptConfig>();
    this.#deferred.set(name, deferred.set(task, config));
  }

  #commit(name: string, count: number | undefined): ConfigChange | undefined {
    if (count === undefined) return undefined;
    const applied = this.#configs.get(name);
    const deferred = this.#deferred.get(name);
    this.#deferred.delete(name);
    // The records of a connector that is gone may outlive it.
    if (applied === undefined) {
      this.#forgetTasks(name);
      return undefined;
    }
    const tasks = Array.from({ length: count }, (_, task) => deferred?.get(task));
    if (tasks.every((config) => config !== undefined)) {
      this.#inconsistent.delete(name);
      this.#committed.set(name, { tasks, applied });
      this.#mostTasks.set(name, Math.max(count, this.#mostTasks.get(name) ?? 0));
      if (deferred) this.#generations.set(name, (this.generation(name) ?? -1) + 1);
    } else this.#inconsistent.add(name);
    return { kind: 'tasks', name };
  }

  #forgetTasks(name: string): void {
    this.#committed.delete(name);
    this.#mostTasks.delete(name);
    this.#deferred.delete(name);
    this.#inconsistent.delete(name);
  }
}
