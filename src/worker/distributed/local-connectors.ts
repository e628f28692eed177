import { Subject } from 'rxjs';
import type { PluginHost } from '../../plugins/host/plugin-host.ts';
import type { RawConfig } from '../../sdk/config.ts';
import type { ConfigChange, ConfigState } from '../../store/config-state.ts';
import { createLog, type Level } from '../../telemetry/log.ts';
import { answerOffsets, type SourceOffsets } from '../answer-offsets.ts';
import type { BrokerAccess } from '../broker-access.ts';
import type { ClientOwner } from '../client-properties.ts';
import type { WorkerEvent } from '../connectors.ts';
import type { Lent } from '../lend-driver.ts';
import { lookAt } from '../look-at.ts';
import type { Accepted } from '../managed-tasks.ts';
import type { Fault } from '../messages.ts';
import type { Resolve } from '../resolve.ts';
import { ThreadPool } from '../thread-pool.ts';
import { workerSettings } from '../worker-settings.ts';
import type { Assignment } from './assignment.ts';
import { LocalConnector } from './local-connector.ts';
import type { LocalHost } from './local-host.ts';
import type { StatusReports } from './status-reports.ts';

export interface LocalOptions {
  readonly workerId: string;
  readonly broker: BrokerAccess;
  readonly lend: (owner: ClientOwner) => Promise<Lent>;
  readonly worker: RawConfig;
  readonly plugins: readonly string[];
  readonly pluginHost: PluginHost;
  readonly resolve?: Resolve | undefined;
  readonly redact?: ((text: string) => string) | undefined;
  readonly logLevel: Level;
  readonly writeLog: (line: string) => void;
  readonly offsets: SourceOffsets;
  /** What was decided. */
  readonly state: ConfigState;
  readonly reports: StatusReports;
  readonly assignment: Assignment;
  /** Told what configs turned out to be. */
  readonly learn: (accepted: Accepted) => void;
  /** Hands the work of a connector, as it was divided, to who decides. */
  readonly publish: LocalHost['publish'];
}

/** Carries out on this worker what was decided: runs connectors and tasks, and reports on them. */
export class LocalConnectors {
  readonly #options: LocalOptions;
  readonly #events = new Subject<WorkerEvent>();
  readonly events = this.#events.asObservable();
  readonly #pool: ThreadPool;
  readonly #host: LocalHost;
  readonly #connectors = new Map<string, LocalConnector>();
  #closed = false;

  constructor(options: LocalOptions) {
    this.#options = options;
    const { workerId, broker, worker, plugins, logLevel, writeLog, redact, resolve, state, reports } = options;
    const settings = workerSettings(worker);
    const log = createLog({ level: logLevel, write: writeLog, ...(redact === undefined ? {} : { redact }) });
    const tracksTopics = String(worker['topic.tracking.enable'] ?? true).toLowerCase() !== 'false';
    this.#pool = new ThreadPool({
      threads: settings['task.threads'],
      livenessMs: settings['task.liveness.timeout.ms'],
      settings: { broker, worker, plugins, logLevel },
      answer: answerOffsets(options.offsets),
      log: writeLog,
      ...(redact === undefined ? {} : { redact }),
    });
    this.#host = {
      host: {
        workerId,
        worker,
        gracefulMs: settings['task.shutdown.graceful.timeout.ms'],
        pool: this.#pool,
        ...(broker.kind === 'kafka' ? { groups: options.lend } : {}),
        resolve,
        log,
        tell: (event) => this.#tell(event),
        used: (connector, task, topics) => {
          if (tracksTopics) reports.used(connector, task, topics);
        },
      },
      state,
      assignment: () => options.assignment,
      look: async (config) => {
        const looked = await lookAt(config, options);
        options.learn(looked);
        return looked;
      },
      resolve: async (config) => (await resolve?.(config))?.config ?? config,
      publish: options.publish,
      showRestart: (name, task) => reports.restarting(name, task),
      taskGone: (name, task) => reports.taskGone(name, task),
      failed: (name, task, fault) => this.#failed(name, task, fault),
    };
  }

  /** Takes up everything that is this worker's, and clears away what is told of things that are no more. */
  start(): void {
    const { state, reports } = this.#options;
    reports.forgetAllBut((name) => (state.connector(name) ? state.tasks(name).length : undefined));
    for (const name of state.connectors.keys()) void this.of(name).reconcile();
  }

  /** Acts on what was read from the config topic. */
  changed(change: Extract<ConfigChange, { readonly name: string }>): void {
    if (this.#closed) return;
    const local = this.of(change.name);
    if (change.kind === 'restart') void local.restart(change);
    else if (change.kind === 'removed') void this.#removed(local);
    else void local.reconcile();
  }

  of(name: string): LocalConnector {
    const known = this.#connectors.get(name);
    if (known) return known;
    const local = new LocalConnector(name, this.#host);
    this.#connectors.set(name, local);
    return local;
  }

  /** Starts a thread ahead of need, so that the first connector need not wait for it. */
  warm(): void {
    this.#pool.warm();
  }

  /** The level of the log of the threads. */
  logLevel(level: Level): void {
    this.#pool.logLevel(level);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#connectors.values()].map((local) => local.end()));
    await this.#pool.close();
    this.#events.complete();
  }

  async #removed(local: LocalConnector): Promise<void> {
    await local.reconcile();
    // One of the same name was made meanwhile.
    if (this.#options.state.connector(local.name)) return;
    this.#options.reports.gone(local.name);
    this.#connectors.delete(local.name);
  }

  #failed(connector: string, task: number | undefined, fault: Fault): void {
    const about = { connector, state: 'FAILED', trace: this.#redacted(fault.trace) } as const;
    this.#tell(task === undefined ? { kind: 'connector-state', ...about } : { kind: 'task-state', task, ...about });
  }

  #redacted(text: string): string {
    return this.#options.redact?.(text) ?? text;
  }

  #tell(event: WorkerEvent): void {
    this.#options.reports.report(event, this.#connectors.get(event.connector));
    this.#events.next(event);
  }
}
