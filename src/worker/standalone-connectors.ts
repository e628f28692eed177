import { Subject } from 'rxjs';
import { conflict, notFound, RestError } from '../errors/rest-error.ts';
import { workerErrors } from '../errors/worker.ts';
import { PluginHost } from '../plugins/host/plugin-host.ts';
import type { OffsetChange } from '../sdk/source.ts';
import type { KeptConnector } from '../store/config-state.ts';
import type { Level } from '../telemetry/log.ts';
import { accept, named } from './accept.ts';
import type { ConnectorHost } from './connector-host.ts';
import { ConnectorOffsets, mustBeStopped, type OffsetOwner } from './connector-offsets.ts';
import type {
  ConnectorConfig,
  ConnectorInfo,
  ConnectorStatus,
  Connectors,
  RestartRequest,
  TargetState,
  TaskInfo,
  TaskStatus,
  WorkerEvent,
} from './connectors.ts';
import { type Looked, lookAt, withSettings } from './look-at.ts';
import { ManagedConnector, type ManagedConnectorOptions } from './managed-connector.ts';
import type { Accepted } from './managed-tasks.ts';
import { type StandaloneOptions, standaloneHost } from './standalone-host.ts';
import { UsedTopics } from './used-topics.ts';

/** A connector that is there. */
export interface Begun {
  /** Resolves when it runs, or is paused or stopped, and is kept; rejects when it fails first, or is overtaken. */
  readonly started: Promise<void>;
}

/** The connectors of a worker that stands alone, changed by Connect's rules for standalone workers. */
export class StandaloneConnectors implements Connectors {
  readonly workerId: string;
  readonly #events = new Subject<WorkerEvent>();
  readonly events = this.#events.asObservable();
  readonly #options: StandaloneOptions;
  readonly #connectors = new Map<string, ManagedConnector>();
  readonly #host: ConnectorHost;
  readonly #pluginHost: PluginHost;
  readonly #offsets: ConnectorOffsets;
  readonly #usedTopics = new UsedTopics();
  #closing: Promise<void> | undefined;

  constructor(options: StandaloneOptions) {
    this.#options = options;
    this.workerId = options.workerId;
    const { worker = {}, plugins = [] } = options;
    const { host, lend } = standaloneHost(options, {
      tell: (event) => this.#events.next(event),
      used: (connector, _task, topics) => this.#usedTopics.add(connector, topics),
    });
    this.#host = host;
    this.#pluginHost =
      options.pluginHost ??
      new PluginHost({
        properties: worker,
        mode: { mode: 'standalone' },
        modules: plugins,
        leftOut: (failure) => host.log.error(failure, 'plugin module left out'),
      });
    this.#offsets = new ConnectorOffsets({ sources: options.offsets, worker, lend, pluginHost: this.#pluginHost });
  }

  /** Starts a thread ahead of need, so that the first connector need not wait for it. */
  warm(): void {
    this.#host.pool.warm();
  }

  /** The level of the log of the threads. */
  logLevel(level: Level): void {
    this.#host.pool.logLevel(level);
  }

  get ready(): boolean {
    return this.#closing === undefined;
  }

  names(): readonly string[] {
    return [...this.#connectors.keys()];
  }

  info(name: string): ConnectorInfo {
    const { config, tasks, type } = this.#known(name);
    return { name, config, tasks: tasks.map(({ id }) => id), type };
  }

  config(name: string): ConnectorConfig {
    return this.#known(name).config;
  }

  tasks(name: string): readonly TaskInfo[] {
    return this.#known(name).tasks;
  }

  status(name: string): ConnectorStatus {
    const connector = this.#connectors.get(name);
    if (connector === undefined) throw notFound(`No status found for connector ${name}`);
    return connector.status;
  }

  taskStatus(name: string, task: number): TaskStatus {
    const status = this.#connectors.get(name)?.status.tasks.find(({ id }) => id === task);
    if (status === undefined) throw notFound(`No status found for task ${name}-${task}`);
    return status;
  }

  async create(name: string, config: ConnectorConfig, target?: TargetState): Promise<ConnectorInfo> {
    await (await this.begin(name, config, target)).started;
    return this.info(name);
  }

  /** Creates one, and does not wait until it runs. */
  begin(name: string, config: ConnectorConfig, target: TargetState = 'STARTED'): Promise<Begun> {
    return this.#create(name, config, { target, kept: false });
  }

  /** Begins what is kept already. What is wrong with its config by now fails it: it is there to be corrected, or deleted. */
  async restore(name: string, { config, target }: KeptConnector): Promise<Begun> {
    const looked = await this.#look(named(name, config));
    return this.#begin(name, looked, { target, kept: true });
  }

  async #create(name: string, config: ConnectorConfig, how: Beginning): Promise<Begun> {
    return this.#begin(name, await this.#accept(named(name, config)), how);
  }

  async put(name: string, config: ConnectorConfig): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }> {
    return this.#put(name, named(name, config));
  }

  async #put(name: string, config: ConnectorConfig): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }> {
    const accepted = await this.#accept(config);
    const connector = this.#connectors.get(name);
    if (connector === undefined) {
      await this.#begin(name, accepted, { target: 'STARTED', kept: false }).started;
      return { created: true, info: this.info(name) };
    }
    await connector.update(accepted);
    this.#events.next({ kind: 'connector-updated', connector: name });
    return { created: false, info: this.info(name) };
  }

  async patch(name: string, changes: ConnectorConfig): Promise<ConnectorInfo> {
    const kept = Object.entries({ ...this.#known(name).config, ...changes }).filter(([, value]) => value !== null);
    // Not named anew: a config from which the name was taken is refused.
    return (await this.#put(name, Object.fromEntries(kept))).info;
  }

  async remove(name: string): Promise<void> {
    const connector = this.#known(name);
    await connector.end(notFound(`Connector ${name} not found`));
    // Its name is free when it is kept no more.
    await this.#options.store?.remove(name);
    if (this.#connectors.get(name) !== connector) return;
    this.#connectors.delete(name);
    this.#events.next({ kind: 'connector-deleted', connector: name });
  }

  async pause(name: string): Promise<void> {
    await this.#existing(name).pause();
  }

  async resume(name: string): Promise<void> {
    await this.#existing(name).resume();
  }

  async stop(name: string): Promise<void> {
    const connector = this.#connectors.get(name);
    if (connector === undefined) throw new RestError(500, `No connector \`${name}\` configured`);
    await connector.stop();
  }

  async restart(name: string, request: RestartRequest): Promise<ConnectorStatus | undefined> {
    const connector = this.#connectors.get(name);
    if (request.includeTasks || request.onlyFailed) {
      if (connector === undefined) throw notFound(`Unknown connector: ${name}`);
      const { plan, done } = connector.restartAll(request);
      await done;
      return plan;
    }
    if (connector === undefined) throw new RestError(500, `Unknown connector: ${name}`);
    await connector.restart();
    return undefined;
  }

  async restartTask(name: string, task: number): Promise<void> {
    const connector = this.#connectors.get(name);
    const unrecognizable = `Failed to start task ${name}-${task} since it is not a recognizable type (source or sink)`;
    if (connector === undefined) throw new RestError(500, unrecognizable);
    if (!connector.status.tasks.some(({ id }) => id === task)) throw notFound(`Task ${name}-${task} not found`);
    await connector.restartTask(task);
  }

  async offsets(name: string): Promise<readonly OffsetChange[]> {
    return this.#offsets.list(ownerOf(this.#known(name)));
  }

  async alterOffsets(name: string, changes: readonly OffsetChange[]): Promise<string> {
    return this.#offsets.alter(ownerOf(this.#stopped(name)), changes);
  }

  async resetOffsets(name: string): Promise<string> {
    return this.#offsets.reset(ownerOf(this.#stopped(name)));
  }

  topics(name: string): readonly string[] {
    return this.#usedTopics.of(name);
  }

  async resetTopics(name: string): Promise<void> {
    this.#usedTopics.forget(name);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#connectors.values()].map((connector) => connector.end(closing())));
    await this.#host.pool.close();
    if (this.#options.pluginHost === undefined) await this.#pluginHost.close();
    this.#events.complete();
  }

  async #accept(config: ConnectorConfig): Promise<Accepted> {
    if (this.#closing) throw closing();
    return accept(config, { ...this.#options, pluginHost: this.#pluginHost });
  }

  async #look(config: ConnectorConfig): Promise<Looked> {
    return withSettings(this.#host.worker, await lookAt(config, { ...this.#options, pluginHost: this.#pluginHost }));
  }

  #begin(name: string, looked: Looked, how: Beginning): Begun {
    // A stop may have begun while its config was looked at.
    if (this.#closing) throw closing();
    if (this.#connectors.has(name)) throw conflict(`Connector ${name} already exists`);
    const keep = async (kept: KeptConnector) => this.#options.store?.put(name, kept);
    const look = (config: ConnectorConfig) => this.#look(config);
    const connector = new ManagedConnector({ name, host: this.#host, looked, look, ...how, keep });
    this.#connectors.set(name, connector);
    this.#events.next({ kind: 'connector-created', connector: name });
    const started = connector.begin();
    started.catch(() => undefined);
    return { started };
  }

  #known(name: string): ManagedConnector {
    const connector = this.#connectors.get(name);
    if (connector === undefined) throw notFound(`Connector ${name} not found`);
    return connector;
  }

  #stopped(name: string): ManagedConnector {
    const connector = this.#known(name);
    if (connector.target !== 'STOPPED' || connector.tasks.length > 0) throw mustBeStopped(name);
    return connector;
  }

  #existing(name: string): ManagedConnector {
    const connector = this.#connectors.get(name);
    if (connector === undefined) throw notFound(`Unknown connector ${name}`);
    return connector;
  }
}

type Beginning = Pick<ManagedConnectorOptions, 'target' | 'kept'>;

const closing = (): RestError => new RestError(500, workerErrors.CLOSING({}).message);

const ownerOf = ({ name, type, accepted }: ManagedConnector): OffsetOwner => ({ name, type, config: accepted.resolved });
