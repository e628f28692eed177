import { Subject } from 'rxjs';
import { conflict, notFound, RestError } from '../../errors/rest-error.ts';
import { workerErrors } from '../../errors/worker.ts';
import type { OffsetChange } from '../../sdk/source.ts';
import type { ConfigChange } from '../../store/config-state.ts';
import { createLog, type Level } from '../../telemetry/log.ts';
import { accept, named } from '../accept.ts';
import { ConnectorOffsets, mustBeStopped, type OffsetOwner } from '../connector-offsets.ts';
import type {
  ConnectorConfig,
  ConnectorInfo,
  ConnectorStatus,
  Connectors,
  ConnectorType,
  RestartRequest,
  TargetState,
  TaskInfo,
  TaskStatus,
  WorkerEvent,
} from '../connectors.ts';
import { InTurn } from '../in-turn.ts';
import { driverLender } from '../lend-driver.ts';
import type { Accepted } from '../managed-tasks.ts';
import type { TaskPart } from '../messages.ts';
import { alone } from './assignment.ts';
import type { DistributedOptions } from './distributed-options.ts';
import { LocalConnectors } from './local-connectors.ts';
import { StatusReports } from './status-reports.ts';
import { keptTaskConfigs, sameConfig, sameConfigs } from './task-configs-of.ts';

/**
 * The connectors of a cluster of workers, of which this is the only member: kept on topics, changed by Connect's rules for distributed workers.
 *
 * A change resolves when it is written. What follows from it is done when it is read back, by whoever the assignment says; how that went is in
 * the statuses.
 */
export class DistributedConnectors implements Connectors {
  readonly workerId: string;
  readonly #events = new Subject<WorkerEvent>();
  readonly events = this.#events.asObservable();
  readonly #options: DistributedOptions;
  readonly #reports: StatusReports;
  readonly #local: LocalConnectors;
  readonly #offsets: ConnectorOffsets;
  /** Decisions about one connector are written one after the other. */
  readonly #decisions = new InTurn();
  /** Of classes that other modules bring, as they turned out to be. */
  readonly #types = new Map<string, ConnectorType>();
  #closing: Promise<void> | undefined;

  constructor(options: DistributedOptions) {
    this.#options = options;
    this.workerId = options.workerId;
    const { configs, statuses, broker, plugins = [], logLevel = 'warn', writeLog = (line) => process.stderr.write(line) } = options;
    const lend = driverLender(broker, createLog({ level: logLevel, write: writeLog }));
    const assignment = alone(statuses.state.generation + 1);
    this.#reports = new StatusReports(statuses, this.workerId, assignment.generation);
    this.#offsets = new ConnectorOffsets({ ...options, sources: options.offsets, lend });
    this.#local = new LocalConnectors({
      ...options,
      plugins,
      logLevel,
      writeLog,
      lend,
      assignment,
      state: configs.state,
      reports: this.#reports,
      learn: (accepted) => this.#learn(accepted),
      publish: (name, parts, from, anew) => this.#publish(name, parts, from, anew),
    });
    this.#local.events.subscribe(this.#events);
  }

  /** Takes up everything that is this worker's. */
  start(): void {
    this.#local.start();
  }

  /** Starts a thread ahead of need, so that the first connector need not wait for it. */
  warm(): void {
    this.#local.warm();
  }

  /** The level of the log of the threads. */
  logLevel(level: Level): void {
    this.#local.logLevel(level);
  }

  /** Acts on what was read from the config topic. */
  changed(change: ConfigChange): void {
    if (change.kind === 'log-level') this.#options.setLevel?.(change.logger, change.level);
    else if (change.kind !== 'session-key') this.#local.changed(change);
  }

  get ready(): boolean {
    return this.#closing === undefined;
  }

  names(): readonly string[] {
    return [...this.#state.connectors.keys()];
  }

  info(name: string): ConnectorInfo {
    const { config } = this.#known(name);
    const tasks = this.#state.tasks(name).map((_, task) => ({ connector: name, task }));
    return { name, config, tasks, type: this.#typeOf(config) };
  }

  config(name: string): ConnectorConfig {
    return this.#known(name).config;
  }

  tasks(name: string): readonly TaskInfo[] {
    this.#known(name);
    return this.#state.tasks(name).map((config, task) => ({ id: { connector: name, task }, config }));
  }

  status(name: string): ConnectorStatus {
    const status = this.#reports.of(name);
    if (status === undefined) throw notFound(`No status found for connector ${name}`);
    const config = this.#state.connector(name)?.config;
    return { name, ...status, type: config ? this.#typeOf(config) : 'unknown' };
  }

  taskStatus(name: string, task: number): TaskStatus {
    const status = this.#reports.ofTask(name, task);
    if (status === undefined) throw notFound(`No status found for task ${name}-${task}`);
    return status;
  }

  async create(name: string, config: ConnectorConfig, initialState?: TargetState): Promise<ConnectorInfo> {
    const accepted = await this.#accept(named(name, config));
    await this.#decisions.of(name, async () => {
      if (this.#state.connector(name)) throw conflict(`Connector ${name} already exists`);
      await this.#options.configs.putConfig(name, accepted.config, initialState);
    });
    this.#events.next({ kind: 'connector-created', connector: name });
    return this.info(name);
  }

  async put(name: string, config: ConnectorConfig): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }> {
    return this.#put(name, named(name, config));
  }

  async #put(name: string, config: ConnectorConfig): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }> {
    const accepted = await this.#accept(config);
    return this.#decisions.of(name, async () => {
      const created = this.#state.connector(name) === undefined;
      await this.#options.configs.putConfig(name, accepted.config);
      this.#events.next({ kind: created ? 'connector-created' : 'connector-updated', connector: name });
      return { created, info: this.info(name) };
    });
  }

  async patch(name: string, changes: ConnectorConfig): Promise<ConnectorInfo> {
    const kept = Object.entries({ ...this.#known(name).config, ...changes }).filter(([, value]) => value !== null);
    // Not named anew: a config from which the name was taken is refused.
    return (await this.#put(name, Object.fromEntries(kept))).info;
  }

  async remove(name: string): Promise<void> {
    await this.#decisions.of(name, async () => {
      this.#known(name);
      await this.#options.configs.remove(name);
    });
    this.#events.next({ kind: 'connector-deleted', connector: name });
  }

  pause(name: string): Promise<void> {
    return this.#aim(name, () => this.#options.configs.putTarget(name, 'PAUSED'));
  }

  resume(name: string): Promise<void> {
    return this.#aim(name, () => this.#options.configs.putTarget(name, 'STARTED'));
  }

  stop(name: string): Promise<void> {
    return this.#aim(name, async () => {
      await this.#options.configs.putTasks(name, []);
      await this.#options.configs.putTarget(name, 'STOPPED');
    });
  }

  async restart(name: string, request: RestartRequest): Promise<ConnectorStatus | undefined> {
    if (this.#state.connector(name) === undefined) throw notFound(`Unknown connector: ${name}`);
    if (!request.includeTasks && !request.onlyFailed) {
      await this.#local.of(name).restartInstance();
      return undefined;
    }
    const plan = this.#reports.afterRestart(name, request);
    if (plan === undefined) throw notFound(`Status for connector ${name} not found`);
    await this.#decisions.of(name, () => this.#options.configs.putRestart(name, request));
    return { name, ...plan, type: this.#typeOf(this.#known(name).config) };
  }

  async restartTask(name: string, task: number): Promise<void> {
    if (this.#state.connector(name) === undefined) throw notFound(`Unknown connector: ${name}`);
    if (!this.#state.knowsTask(name, task)) throw notFound(`Unknown task: ${name}-${task}`);
    // A task that has a config and is nobody's has no owner to be sent to.
    if (task >= this.#state.tasks(name).length) throw conflict(noLeaderUrl);
    await this.#local.of(name).restartTask(task);
  }

  async offsets(name: string): Promise<readonly OffsetChange[]> {
    return this.#offsets.list(await this.#ownerOf(name));
  }

  async alterOffsets(name: string, changes: readonly OffsetChange[]): Promise<string> {
    return this.#decisions.of(name, async () => this.#offsets.alter(await this.#stopped(name), changes));
  }

  async resetOffsets(name: string): Promise<string> {
    return this.#decisions.of(name, async () => this.#offsets.reset(await this.#stopped(name)));
  }

  topics(name: string): readonly string[] {
    return this.#reports.topics(name);
  }

  async resetTopics(name: string): Promise<void> {
    await this.#reports.forgetTopics(name);
  }

  /** The level of a logger on every worker of the cluster. */
  setLevelOfAll(logger: string, level: string): Promise<void> {
    return this.#options.configs.putLogLevel(logger, level);
  }

  close(): Promise<void> {
    this.#closing ??= this.#local.close();
    return this.#closing;
  }

  get #state() {
    return this.#options.configs.state;
  }

  async #accept(config: ConnectorConfig): Promise<Accepted> {
    if (this.#closing) throw new RestError(500, workerErrors.CLOSING({}).message);
    const accepted = await accept(config, this.#options);
    this.#learn(accepted);
    return accepted;
  }

  #typeOf(config: ConnectorConfig): ConnectorType {
    const known = this.#options.typeOf(config);
    return known === 'unknown' ? (this.#types.get(classOf(config)) ?? known) : known;
  }

  #learn({ config, checked: { type } }: Accepted): void {
    if (type !== 'unknown') this.#types.set(classOf(config), type);
  }

  #aim(name: string, write: () => Promise<void>): Promise<void> {
    return this.#decisions.of(name, async () => {
      if (this.#state.connector(name) === undefined) throw notFound(`Unknown connector ${name}`);
      await write();
    });
  }

  /** Keeps the work of a connector as it was divided, unless it is kept already, from the same config, and need not begin anew. */
  #publish(name: string, parts: readonly TaskPart[], from: Accepted, anew: boolean): Promise<boolean> {
    return this.#decisions.of(name, async () => {
      const kept = this.#state.connector(name);
      // Another config or state was decided on meanwhile: the connector is about to hear of it.
      if (kept?.target !== 'STARTED' || !sameConfig(kept.config, from.config)) return false;
      const configs = keptTaskConfigs(parts, from);
      if (!anew && sameConfigs(configs, this.#state.tasks(name)) && sameConfig(kept.config, this.#state.applied(name))) return true;
      await this.#options.configs.putTasks(name, configs);
      return true;
    });
  }

  async #ownerOf(name: string): Promise<OffsetOwner> {
    const { config } = this.#known(name);
    // What is not looked at yet may be a sink, whose offsets are elsewhere.
    if (this.#typeOf(config) === 'unknown') await this.#local.of(name).settled();
    return { name, type: this.#typeOf(config), config: (await this.#options.resolve?.(config))?.config ?? config };
  }

  async #stopped(name: string): Promise<OffsetOwner> {
    if (this.#known(name).target !== 'STOPPED' || this.#state.tasks(name).length > 0) throw mustBeStopped(name);
    // Who is told that it is stopped may ask before its tasks have let go.
    await this.#local.of(name).settled();
    return this.#ownerOf(name);
  }

  #known(name: string) {
    const kept = this.#state.connector(name);
    if (kept === undefined) throw notFound(`Connector ${name} not found`);
    return kept;
  }
}

const classOf = (config: ConnectorConfig): string => (config['connector.class'] ?? '').trim();

const noLeaderUrl = 'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.';
