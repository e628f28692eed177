/** The Kafka port (published as sluice/kafka). */
export { connectorDefaults } from './client-defaults.ts';
export * from './driver.ts';
export type { EmbeddedDriver, SharedBroker } from './embedded/embedded-driver.ts';
export { type EmbeddedOptions, type JoinOptions, type OwnOptions, openEmbedded, type ReadOptions } from './embedded/open-embedded.ts';
export type { KafkaOptions } from './kafkajs/open-kafka.ts';
export { openKafka } from './open-kafka.ts';
export { partitionOfKey } from './partitioner.ts';
export { type TopicPattern, topicPattern } from './topic-pattern.ts';
