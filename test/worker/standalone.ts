import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedDriver } from '../../src/kafka/embedded/embedded-driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import type { RawConfig } from '../../src/sdk/config.ts';
import { OffsetTopic } from '../../src/store/offset-topic.ts';
import type { ConnectorStore } from '../../src/worker/connector-store.ts';
import type { ConnectorStatus, WorkerEvent } from '../../src/worker/connectors.ts';
import type { Resolve } from '../../src/worker/resolve.ts';
import { StandaloneConnectors } from '../../src/worker/standalone-connectors.ts';

/** A standalone worker on an embedded broker of its own. */
export interface TestWorker {
  readonly connectors: StandaloneConnectors;
  readonly driver: EmbeddedDriver;
  readonly folder: string;
  readonly events: readonly WorkerEvent[];
  readonly log: readonly string[];
  /** Resolves when `holds` does; rejects with what there is instead when that takes too long. */
  until(holds: (status: ConnectorStatus) => boolean, name: string): Promise<ConnectorStatus>;
  close(): Promise<void>;
}

const string = 'org.apache.kafka.connect.storage.StringConverter';
export const converters = { 'key.converter': string, 'value.converter': string };

/** Less than a test may take, so that what is there is told. */
const untilMs = 12_000;

/** Plugins for tests, importable by threads. */
export const plugin = (name: string): string => new URL(`./fixtures/${name}.ts`, import.meta.url).href;

export async function standalone(
  worker: RawConfig = {},
  plugins: readonly string[] = [],
  resolve?: Resolve,
  store?: ConnectorStore,
): Promise<TestWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-worker-'));
  const driver = await openEmbedded({ dataDir: join(folder, 'data'), cleanUpEveryMs: 0 });
  const offsets = await OffsetTopic.open(driver);
  const log: string[] = [];
  const events: WorkerEvent[] = [];
  const connectors = new StandaloneConnectors({
    workerId: '127.0.0.1:8083',
    broker: { kind: 'embedded', broker: driver.share() },
    offsets,
    store,
    worker: { ...converters, 'offset.flush.interval.ms': '20', 'task.threads': '1', ...worker },
    plugins,
    writeLog: (line) => log.push(line),
    ...(resolve === undefined ? {} : { resolve }),
  });
  connectors.events.subscribe((event) => events.push(event));
  return {
    connectors,
    driver,
    folder,
    events,
    log,
    until: (holds, name) =>
      new Promise((resolve, reject) => {
        const deadline = performance.now() + untilMs;
        const look = () => {
          const status = connectors.names().includes(name) ? connectors.status(name) : undefined;
          if (status && holds(status)) resolve(status);
          else if (performance.now() > deadline) reject(new Error(`not within ${untilMs} ms: ${JSON.stringify({ status, log, events })}`));
          else setTimeout(look, 5);
        };
        look();
      }),
    async close() {
      await connectors.close();
      await offsets.close();
      await driver.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether connector and tasks are in these states. */
export const inStates =
  (connector: string, ...tasks: readonly string[]) =>
  (status: ConnectorStatus): boolean =>
    status.connector.state === connector && status.tasks.map(({ state }) => state).join() === tasks.join();
