import type { WorkerConfig } from '../../config/worker-config.ts';
import type { EmbeddedDriver } from '../../kafka/embedded/embedded-driver.ts';
import { OffsetTopic } from '../../store/offset-topic.ts';
import type { Level, Logger } from '../../telemetry/log.ts';
import type { Connectors } from '../../worker/connectors.ts';
import { StandaloneConnectors } from '../../worker/standalone-connectors.ts';

export interface WorkerParts {
  readonly driver: EmbeddedDriver;
  readonly config: WorkerConfig;
  /** `host:port` of the advertised URL. */
  readonly workerId: string;
  readonly logLevel: Level;
  readonly log: Logger;
}

/** The connectors of a standalone worker, and what has to be closed with them. */
export interface OpenWorker {
  readonly connectors: Connectors;
  close(): Promise<void>;
}

export async function openWorker({ driver, config, workerId, logLevel, log }: WorkerParts): Promise<OpenWorker> {
  const onUnreadable = (key: string) => log.warn({ key }, 'the offsets hold something that no connector can have written');
  const offsets = await OffsetTopic.open(driver, { onUnreadable });
  const connectors = new StandaloneConnectors({
    workerId,
    driver,
    offsets,
    worker: config.originals,
    resolve: async (connector) => (await config.references.resolve(connector)).config,
    logLevel,
  });
  return {
    connectors,
    async close() {
      await connectors.close();
      await offsets.close();
    },
  };
}
