export { kafkaTopicSink } from './sink.ts';
export { kafkaTopicSource } from './source.ts';
