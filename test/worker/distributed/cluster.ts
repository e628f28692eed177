import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedDriver } from '../../../src/kafka/embedded/embedded-driver.ts';
import { openEmbedded } from '../../../src/kafka/embedded/open-embedded.ts';
import { PluginHost } from '../../../src/plugins/host/plugin-host.ts';
import { PluginRegistry } from '../../../src/plugins/registry.ts';
import type { RawConfig } from '../../../src/sdk/config.ts';
import { CompactedTopic } from '../../../src/store/compacted-topic.ts';
import type { ConfigChange } from '../../../src/store/config-state.ts';
import { ConfigTopic } from '../../../src/store/config-topic.ts';
import { OffsetTopic } from '../../../src/store/offset-topic.ts';
import { StatusTopic } from '../../../src/store/status-topic.ts';
import type { BrokerAccess } from '../../../src/worker/broker-access.ts';
import type { ConnectorStatus } from '../../../src/worker/connectors.ts';
import { DistributedConnectors } from '../../../src/worker/distributed/distributed-connectors.ts';
import { typeOf } from '../../../src/worker/distributed/type-of.ts';

/** A worker of a cluster on an embedded broker. */
export interface ClusterWorker {
  readonly connectors: DistributedConnectors;
  /** Levels that were set by any worker of the cluster. */
  readonly levels: readonly string[];
  /** Resolves when the status of a connector is so. */
  until(name: string, holds: (status: ConnectorStatus | undefined) => boolean): Promise<ConnectorStatus | undefined>;
  close(): Promise<void>;
}

/** What a cluster leaves behind: a broker, on which one worker after the other runs. */
export class Cluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-cluster-'));
  secretsAreGone = false;
  /** What the config provider says. */
  secret: { readonly file: string; readonly client?: string; readonly ttlMs?: number } = { file: 'secret.txt' };
  /** What writes of target states and of tasks wait for; where it rejects, so does the write. */
  before: { readonly targets?: Promise<void>; readonly tasks?: () => Promise<void> } = {};
  /** What the worker logged, a line each. */
  readonly log: string[] = [];
  /** How often references of each connector were looked up. */
  readonly lookUps = new Map<string, number>();
  readonly #driver: Promise<EmbeddedDriver> = openEmbedded({ dataDir: join(this.folder, 'data'), cleanUpEveryMs: 0 });

  /** @param broker what the clients of connectors reach; default: where the worker keeps its topics */
  async worker(more: RawConfig = {}, modules: readonly string[] = [], broker?: BrokerAccess): Promise<ClusterWorker> {
    const driver = await this.#driver;
    let changed: (change: ConfigChange) => void = () => undefined;
    const configs = await ConfigTopic.open(driver, { onChange: (change) => changed(change) });
    const [putTarget, putTasks] = [configs.putTarget.bind(configs), configs.putTasks.bind(configs)];
    configs.putTarget = async (...target) => {
      await this.before.targets;
      await putTarget(...target);
    };
    configs.putTasks = async (...tasks) => {
      await this.before.tasks?.();
      await putTasks(...tasks);
    };
    const statuses = await StatusTopic.open(driver);
    const offsets = await OffsetTopic.open(driver);
    const string = 'org.apache.kafka.connect.storage.StringConverter';
    const worker = { 'key.converter': string, 'value.converter': string, 'offset.flush.interval.ms': '20', 'task.threads': '1', ...more };
    const mode = { mode: 'distributed', groupId: 'cluster', exactlyOnce: false } as const;
    const pluginHost = new PluginHost({ properties: worker, mode, modules });
    const levels: string[] = [];
    const connectors = new DistributedConnectors({
      workerId: '127.0.0.1:8083',
      broker: broker ?? { kind: 'embedded', broker: driver.share() },
      configs,
      statuses,
      offsets,
      worker,
      plugins: modules,
      pluginHost,
      typeOf: typeOf(new PluginRegistry()),
      resolve: async (config) => {
        const refers = (to: string) => Object.values(config).some((text) => text?.includes(to));
        if (refers('${gone:') || (this.secretsAreGone && refers('${secret:'))) throw new Error('There is no secret of that name.');
        this.lookUps.set(String(config['name']), (this.lookUps.get(String(config['name'])) ?? 0) + 1);
        const file = join(this.folder, this.secret.file);
        const { ttlMs, client = 'client' } = this.secret;
        const value = (text: string) => text.replaceAll('${secret:file}', file).replaceAll('${secret:client}', client);
        const entries = Object.entries(config).map(([key, text]) => [key, text === null ? null : value(text)]);
        return { config: Object.fromEntries(entries), ...(ttlMs === undefined ? {} : { ttlMs }) };
      },
      setLevel: (logger, level) => levels.push(`${logger} ${level}`),
      writeLog: (line) => this.log.push(line),
    });
    changed = (change) => connectors.changed(change);
    connectors.start();
    const statusOf = (name: string) => {
      try {
        return connectors.status(name);
      } catch {
        return undefined;
      }
    };
    return {
      connectors,
      levels,
      async until(name, holds) {
        for (;;) {
          const status = statusOf(name);
          if (holds(status)) return status;
          await new Promise((again) => setTimeout(again, 5));
        }
      },
      async close() {
        await connectors.close();
        await pluginHost.close();
        await Promise.all([configs.close(), statuses.close(), offsets.close()]);
      },
    };
  }

  /** Everything that is on the config topic, in order. */
  async records(): Promise<readonly (readonly [key: string, value: unknown])[]> {
    const found: (readonly [string, unknown])[] = [];
    const log = await this.#configs(({ key, value }) => found.push([key, value === null ? null : JSON.parse(value)]));
    await log.close();
    return found;
  }

  /** Writes to the config topic as another worker would. */
  async write(...records: readonly (readonly [key: string, value: unknown])[]): Promise<void> {
    const log = await this.#configs(() => undefined);
    // One by one: their order counts.
    for (const [key, value] of records) await log.write([{ key, value: value === null ? null : JSON.stringify(value) }]);
    await log.close();
  }

  async close(): Promise<void> {
    await (await this.#driver).close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #configs(apply: Parameters<typeof CompactedTopic.open>[2]): Promise<CompactedTopic> {
    const options = { topic: 'connect-configs', setting: 'config.storage.topic', partitions: 1 };
    return CompactedTopic.open(await this.#driver, options, apply);
  }
}

/** Whether connector and tasks are in these states. */
export const inStates =
  (connector: string, ...tasks: readonly string[]) =>
  (status: ConnectorStatus | undefined): boolean =>
    status?.connector.state === connector && status.tasks.map(({ state }) => state).join() === tasks.join();
