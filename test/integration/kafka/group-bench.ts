import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Admin, Driver, Producer } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import type { RawConfig } from '../../../src/sdk/config.ts';
import { plugin } from '../../worker/standalone.ts';
import { type SharedBroker, sharedBroker } from './shared-broker.ts';
import { type KafkaWorker, workerOnKafka } from './worker-on-kafka.ts';

const OPEN_MS = 600_000;

/** One for all tests of a group of them, each of which may have a worker. */
export function useGroupBench(opened: (bench: GroupBench) => void): void {
  let bench: GroupBench | undefined;
  beforeAll(async () => {
    bench = await GroupBench.open();
    opened(bench);
  }, OPEN_MS);
  afterEach(() => bench?.closeWorker());
  afterAll(() => bench?.close());
}

/** A broker, what writes to it and looks at its groups, and one worker at a time, whose sinks write lines to a folder. */
export class GroupBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-groups-'));
  readonly broker: SharedBroker;
  readonly driver: Driver;
  readonly admin: Admin;
  readonly #producer: Producer;
  #worker: KafkaWorker | undefined;

  private constructor(broker: SharedBroker, driver: Driver, admin: Admin, producer: Producer) {
    this.broker = broker;
    this.driver = driver;
    this.admin = admin;
    this.#producer = producer;
  }

  static async open(): Promise<GroupBench> {
    const broker = await sharedBroker();
    const driver = await openKafka({ bootstrap: broker.bootstrap });
    return new GroupBench(broker, driver, await driver.admin(), await driver.producer());
  }

  async worker(settings: RawConfig, ...plugins: readonly string[]): Promise<KafkaWorker> {
    this.#worker = await workerOnKafka(this.broker.bootstrap, settings, plugins.map(plugin));
    return this.#worker;
  }

  async closeWorker(): Promise<void> {
    await this.#worker?.close();
    this.#worker = undefined;
  }

  async close(): Promise<void> {
    await this.driver.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A record in each of these partitions: the name, and the number of the partition. */
  async append(topic: string, name: string, partitions: readonly number[]): Promise<void> {
    const sent = partitions.map((partition) => ({ topic, partition, records: [{ key: null, value: `${name}${partition}` }] }));
    for (const { error } of await this.#producer.send(sent)) expect(error).toBeUndefined();
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  lines(name: string): string[] {
    const file = this.file(name);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }

  /** Names of the clients. */
  async members(group: string): Promise<readonly string[]> {
    return (await this.admin.describeGroups?.([group]))?.[0]?.members.map(({ clientId }) => clientId).sort() ?? [];
  }

  async state(group: string): Promise<string | undefined> {
    return (await this.admin.describeGroups?.([group]))?.[0]?.state;
  }

  /** Resolves when so many members have agreed. */
  shared(group: string, members: number): Promise<void> {
    return until(async () => (await this.members(group)).length === members && (await this.state(group)) === 'Stable');
  }
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
