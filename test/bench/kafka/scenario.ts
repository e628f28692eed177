import type { Compression } from '../../../src/kafka/driver.ts';
import { BUSY_JVM } from '../../integration/kafka/java.ts';
import type { Figures, Job } from './job.ts';
import { measureJava, measureNode } from './measure.ts';

export interface Scenario {
  readonly name: string;
  readonly task: Job['task'];
  readonly idempotent: boolean;
  readonly compression: Compression;
}

const scenario = (task: Job['task'], idempotent: boolean, compression: Compression): Scenario => ({
  name: [task, ...(task === 'consume' || idempotent ? [] : ['not idempotent']), ...(compression === 'none' ? [] : [compression])].join(
    ', ',
  ),
  task,
  idempotent,
  compression,
});

export const scenarios: readonly Scenario[] = [
  scenario('produce', true, 'none'),
  scenario('produce', false, 'none'),
  scenario('produce', true, 'lz4'),
  scenario('produce', true, 'zstd'),
  scenario('produce', false, 'lz4'),
  scenario('produce', false, 'zstd'),
  scenario('consume', true, 'none'),
  scenario('consume', true, 'lz4'),
  scenario('consume', true, 'zstd'),
];

export interface Competitor {
  readonly name: string;
  /** Numbers of records in one send; the best of them counts. */
  readonly perSend: readonly number[];
  measure(job: Job): Promise<Figures>;
}

/** All of them get what makes them quickest, within what they promise. */
export const competitors = (jars: string): readonly Competitor[] => [
  { name: 'ours', perSend: [1_000], measure: (job) => measureNode('ours', job) },
  { name: 'kafkajs', perSend: [100, 250, 500, 1_000], measure: (job) => measureNode('kafkajs', job) },
  { name: 'platformatic', perSend: [1_000], measure: (job) => measureNode('platformatic', job) },
  {
    name: 'Java',
    perSend: [1],
    measure: (job) => measureJava({ jars, jvm: [...BUSY_JVM, '-Xmx512m'], produce: [], consume: [] }, job),
  },
  {
    name: 'Java, tuned',
    perSend: [1],
    measure: (job) => measureJava({ jars, ...tuned }, job),
  },
];

/** A collector without barriers between threads, large batches that wait to be full, answers of many records. */
const tuned = {
  jvm: ['-server', '-XX:+UseParallelGC', '-Xms512m', '-Xmx512m', ...BUSY_JVM.slice(-1)],
  produce: ['batch.size=262144', 'linger.ms=20', 'buffer.memory=67108864', 'max.request.size=1048576'],
  consume: ['max.poll.records=10000', 'fetch.min.bytes=524288', 'fetch.max.wait.ms=100'],
};
