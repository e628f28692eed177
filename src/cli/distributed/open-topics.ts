import { storageTopic } from '../../config/distributed-config.ts';
import type { Driver } from '../../kafka/driver.ts';
import type { ConfigChange } from '../../store/config-state.ts';
import { ConfigTopic } from '../../store/config-topic.ts';
import { OffsetTopic } from '../../store/offset-topic.ts';
import { StatusTopic } from '../../store/status-topic.ts';
import type { Logger } from '../../telemetry/log.ts';

/** What a cluster of workers keeps on topics. */
export interface ClusterTopics {
  readonly configs: ConfigTopic;
  readonly offsets: OffsetTopic;
  readonly statuses: StatusTopic;
  close(): Promise<void>;
}

export interface OpenTopicsOptions {
  /** Properties of the worker. */
  readonly worker: Readonly<Record<string, string>>;
  readonly log: Logger;
  readonly onChange: (change: ConfigChange) => void;
  /** One of them can no longer be read: what is decided is not heard any more. */
  readonly onFailure: (error: unknown) => void;
}

/** Reads everything that the cluster keeps; topics that are missing are made as Connect makes them. */
export async function openTopics(driver: Driver, { worker, log, onChange, onFailure }: OpenTopicsOptions): Promise<ClusterTopics> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const topic of opened.splice(0)) await topic.close();
  };
  const keep = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const topic = await opening;
    opened.unshift(topic);
    return topic;
  };
  const unreadable = (setting: string) => (key: string) =>
    log.warn({ key, topic: setting }, 'a topic of the cluster holds something that no worker can have written');
  try {
    const config = storageTopic(worker, 'config');
    const configs = await keep(ConfigTopic.open(driver, { ...config, onChange, onFailure, onUnreadable: unreadable(config.topic) }));
    const offset = storageTopic(worker, 'offset');
    const offsets = await keep(OffsetTopic.open(driver, { ...offset, onFailure, onUnreadable: unreadable(offset.topic) }));
    const status = storageTopic(worker, 'status');
    const onLost = (error: unknown, keys: readonly string[]) => log.error({ error, keys }, 'statuses not written');
    const statuses = await keep(StatusTopic.open(driver, { ...status, onLost, onFailure, onUnreadable: unreadable(status.topic) }));
    return { configs, offsets, statuses, close };
  } catch (error) {
    await close();
    throw error;
  }
}
