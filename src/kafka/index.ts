/** The Kafka port (published as sluice/kafka). */
export * from './driver.ts';
export { partitionOfKey } from './partitioner.ts';
