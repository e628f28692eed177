import { type Driver, partitionKey, type TopicPartition } from '../../kafka/driver.ts';
import type { CommittedOffset } from '../../sdk/source.ts';
import type { PipelineEvent } from '../../worker/run-pipeline.ts';
import type { Progress } from '../progress.ts';

interface Count {
  records: number;
  /** Next offset to read, by topic partition. */
  readonly read: Map<string, { readonly partition: TopicPartition; readonly next: number }>;
}

/** Counts what running pipelines have committed, and how far those that read topics are behind. */
export class Tally {
  readonly #counts = new Map<string, Count>();

  add(event: PipelineEvent): void {
    if (event.kind !== 'committed') return;
    const count = this.#counts.get(event.pipeline) ?? { records: 0, read: new Map() };
    this.#counts.set(event.pipeline, count);
    count.records += event.records;
    for (const offset of event.offsets) {
      const read = topicOffset(offset);
      if (read !== undefined) count.read.set(partitionKey(read.partition), read);
    }
  }

  async progress(driver: Driver): Promise<readonly Progress[]> {
    const admin = await driver.admin();
    try {
      const rows = Array.from(this.#counts, async ([name, { records, read }]) => {
        if (read.size === 0) return { name, records };
        const ends = await admin.offsets(
          Array.from(read.values(), ({ partition }) => partition),
          'latest',
        );
        return {
          name,
          records,
          lag: Array.from(read).reduce((sum, [key, { next }]) => sum + Math.max(0, (ends.get(key) ?? next) - next), 0),
        };
      });
      return await Promise.all(rows);
    } finally {
      await admin.close();
    }
  }
}

/** The place in a topic that an offset means, in the words of Connect's sink offsets. */
function topicOffset({ partition, offset }: CommittedOffset): { partition: TopicPartition; next: number } | undefined {
  const { kafka_topic: topic, kafka_partition: number } = partition;
  const { kafka_offset: next } = offset;
  if (typeof topic !== 'string' || typeof number !== 'number' || typeof next !== 'number') return undefined;
  return { partition: { topic, partition: number }, next };
}
