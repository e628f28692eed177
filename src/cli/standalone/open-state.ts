import type { WorkerConfig } from '../../config/worker-config.ts';
import type { Driver } from '../../kafka/driver.ts';
import { ConfigTopic } from '../../store/config-topic.ts';
import { openOffsetFile } from '../../store/offset-file-log.ts';
import { OffsetTopic } from '../../store/offset-topic.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { ConnectorStore } from '../../worker/connector-store.ts';

/** What a worker remembers. */
export interface WorkerState {
  readonly offsets: OffsetTopic;
  /** Absent: they are forgotten with the process. */
  readonly connectors?: ConnectorStore;
  close(): Promise<void>;
}

/**
 * Opens what a standalone worker remembers: with `bootstrap.servers` as Connect does, offsets in `offset.storage.file.filename` and connectors
 * forgotten with the process; else everything on topics of the embedded broker.
 *
 * On the embedded broker the file is left alone: its offsets were committed for what is on another broker.
 */
export async function openState(driver: Driver, { settings }: WorkerConfig, log: Logger): Promise<WorkerState> {
  const onUnreadable = (key: string) => log.warn({ key }, 'the offsets hold something that no connector can have written');
  const file = settings['offset.storage.file.filename'];
  if ((settings['bootstrap.servers'] ?? []).length > 0 && file !== undefined) {
    const offsets = await openOffsetFile(file, onUnreadable);
    return { offsets, close: () => offsets.close() };
  }
  const connectors = await ConfigTopic.open(driver);
  const offsets = await OffsetTopic.open(driver, { onUnreadable });
  const close = async () => {
    await offsets.close();
    await connectors.close();
  };
  return { offsets, connectors, close };
}
