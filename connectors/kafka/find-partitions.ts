import { type Admin, type TopicPartition, topicPattern } from 'sluice/kafka';
import type { TopicSourceConfig } from './config.ts';

export interface FoundPartitions {
  readonly partitions: readonly TopicPartition[];
  /** Topics that are named and not there. */
  readonly missing: readonly string[];
}

/** Looks for the partitions of the topics that a config names, or whose names match. */
export async function findPartitions(admin: Admin, config: TopicSourceConfig): Promise<FoundPartitions> {
  const { topics } = config;
  const regex = config['topics.regex'];
  const asked = regex === '' ? topics : matching(await admin.listTopics(), regex);
  if (asked.length === 0) return { partitions: [], missing: [] };
  const found = (await admin.describeTopics(asked)).filter(({ internal }) => regex === '' || !internal);
  const names = new Set(found.map(({ name }) => name));
  return {
    partitions: found.flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition }))),
    missing: regex === '' ? topics.filter((topic) => !names.has(topic)) : [],
  };
}

function matching(topics: readonly string[], regex: string): readonly string[] {
  const whole = topicPattern(regex);
  return topics.filter((topic) => whole.test(topic));
}
