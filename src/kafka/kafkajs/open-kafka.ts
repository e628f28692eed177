import type { ConnectionLog } from './cluster.ts';
import { KafkaDriver } from './kafka-driver.ts';
import { openLink } from './link.ts';
import type { Properties } from './setting.ts';
import { connectionSettings, unknownProperties } from './settings.ts';

export interface KafkaOptions {
  /** Brokers to start from: `host:port`, several with commas between them. */
  readonly bootstrap?: string;
  /** Java-style client properties, which say also how connections are secured. */
  readonly properties?: Properties;
  /** Told of connections that fail and of properties that mean nothing. */
  readonly log?: ConnectionLog;
}

/** Connects to the brokers of a Kafka cluster. Rejects when none answers, or a property cannot be used. */
export async function openKafka({ bootstrap, properties = {}, log }: KafkaOptions): Promise<KafkaDriver> {
  const all = bootstrap === undefined ? properties : { ...properties, 'bootstrap.servers': bootstrap };
  for (const name of unknownProperties(all)) log?.('warn', `Client property ${name} is not known, and has no effect.`, { name });
  const settings = connectionSettings(all);
  return new KafkaDriver({ link: await openLink(settings, log), properties: all, log });
}
