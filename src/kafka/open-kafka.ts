import type { Driver } from './driver.ts';
import type { KafkaOptions } from './kafkajs/open-kafka.ts';

/**
 * Connects to the brokers of a Kafka cluster: `{ bootstrap: 'host:port' }`, or Java-style client properties, which say also how connections are
 * secured. Rejects when none answers, or a property cannot be used.
 */
export async function openKafka(options: KafkaOptions): Promise<Driver> {
  // The client is loaded when it is used: the embedded broker does without.
  const kafkajs = await import('./kafkajs/open-kafka.ts');
  return kafkajs.openKafka(options);
}
