/**
 * How long a record takes through the engine and a real broker: a source of 1,000 records a second → topic → sink, both pipelines in this
 * process. Counted from the moment when the record was due, so that a source that falls behind is not spared.
 *
 * Run: npm run bench -- latency [--seconds 10]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Observable } from 'rxjs';
import { kafkaTopicSink, kafkaTopicSource } from 'sluice/connectors/kafka';
import { stringConverter } from 'sluice/converters/string';
import { type ConnectRecord, config, connectRecord, defineSink, defineSource, delivered, type SourceBatch } from 'sluice/sdk';
import { decode, encode, pipeline, type Runnable, run } from '../../../src/index.ts';
import type { Driver } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/index.ts';
import { startBroker } from '../../integration/kafka/broker.ts';
import { BUSY_JVM } from '../../integration/kafka/java.ts';

const PER_MS = 1;
/** The first seconds compile what the others run. */
const WARM_MS = 3_000;

export async function latency(...args: string[]): Promise<boolean> {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '10' } } });
  const broker = await startBroker({ jvm: { heap: '1g', jvm: BUSY_JVM } });
  const driver = await openKafka({ bootstrap: broker.bootstrap });
  try {
    for (const lingerMs of [0, 5]) await measure(driver, lingerMs, Number(values.seconds));
  } finally {
    await driver.close();
    await broker.close();
  }
  return true;
}

async function measure(driver: Driver, lingerMs: number, seconds: number): Promise<void> {
  const topic = `latency-${lingerMs}`;
  await (await driver.admin()).createTopics([{ name: topic, partitions: 1 }]);
  const latencies: number[] = [];
  const start = performance.now();
  const toTopic = pipeline(`to-${topic}`)
    .from(ticks(topic)())
    .pipe(encode({ value: stringConverter }))
    .to(kafkaTopicSink({ 'linger.ms': lingerMs }));
  const fromTopic = pipeline(`from-${topic}`)
    .from(kafkaTopicSource({ topics: [topic], 'group.id': topic }))
    .pipe(decode({ value: stringConverter }))
    .to(
      stopwatch((due) => {
        if (performance.now() - start > WARM_MS) latencies.push(performance.now() - due);
      })(),
    );
  const stop = new AbortController();
  const ends = [toTopic, fromTopic].map((each) => ended(each, driver, stop.signal));
  await Promise.race([sleep(WARM_MS + seconds * 1_000), ...ends]);
  stop.abort();
  await Promise.all(ends);
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2);
  console.log(`linger ${lingerMs} ms: ${sorted.length} records, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, p99.9 ${at(0.999)} ms`);
}

const ended = (each: Runnable, driver: Driver, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    run(each, { driver, signal }).subscribe({ error: reject, complete: resolve });
  });

/** Emits a record for each part of a millisecond that has passed: its value is the time at which it was due. */
const ticks = (topic: string) =>
  defineSource({
    name: 'ticks',
    summary: 'Emits records at a steady rate.',
    config: config({}),
    open: () =>
      new Observable<SourceBatch>((subscriber) => {
        let due = performance.now();
        const timer = setInterval(() => {
          const records: ConnectRecord[] = [];
          for (; due <= performance.now(); due += 1 / PER_MS) records.push(connectRecord({ topic, value: String(due) }));
          if (records.length > 0) subscriber.next({ records, partition: {} });
        }, 1);
        return () => clearInterval(timer);
      }),
  });

const stopwatch = (arrived: (due: number) => void) =>
  defineSink({
    name: 'stopwatch',
    summary: 'Tells when each record was due.',
    config: config({}),
    open: () => [
      {
        next: ({ records, ack }) => {
          for (const { value } of records) arrived(Number(value));
          ack.settle(delivered);
        },
      },
    ],
  });
