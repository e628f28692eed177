import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawConfig } from '../../../src/sdk/config.ts';
import { openOffsetFile } from '../../../src/store/offset-file-log.ts';
import type { OffsetTopic } from '../../../src/store/offset-topic.ts';
import type { ConnectorStatus, WorkerEvent } from '../../../src/worker/connectors.ts';
import { StandaloneConnectors } from '../../../src/worker/standalone-connectors.ts';

/** A standalone worker on a real broker. */
export interface KafkaWorker {
  readonly connectors: StandaloneConnectors;
  readonly events: readonly WorkerEvent[];
  readonly log: readonly string[];
  until(holds: (status: ConnectorStatus) => boolean, name: string): Promise<ConnectorStatus>;
  close(): Promise<void>;
}

const string = 'org.apache.kafka.connect.storage.StringConverter';

/** `kept`: its offsets, closed with it, in the place of a file. */
export async function workerOnKafka(
  bootstrap: string,
  worker: RawConfig = {},
  plugins: readonly string[] = [],
  kept?: OffsetTopic,
): Promise<KafkaWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-on-kafka-'));
  const offsets = kept ?? (await openOffsetFile(join(folder, 'offsets'), () => undefined));
  const settings = {
    'bootstrap.servers': bootstrap,
    'key.converter': string,
    'value.converter': string,
    'offset.flush.interval.ms': '50',
    'task.threads': '1',
    ...worker,
  };
  const log: string[] = [];
  const events: WorkerEvent[] = [];
  const connectors = new StandaloneConnectors({
    workerId: '127.0.0.1:8083',
    broker: { kind: 'kafka', worker: settings },
    offsets,
    worker: settings,
    plugins,
    writeLog: (line) => log.push(line),
  });
  connectors.events.subscribe((event) => events.push(event));
  return {
    connectors,
    events,
    log,
    until: async (holds, name) => {
      for (;;) {
        const status = connectors.names().includes(name) ? connectors.status(name) : undefined;
        if (status && holds(status)) return status;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async close() {
      await connectors.close();
      await offsets.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
