import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { type Producing, producing } from './producing.ts';
import { type KafkaWorker, workerOnKafka } from './worker-on-kafka.ts';

const MINUTES = 60_000;
const GRACE_MS = 2_000;
const impatient = Object.fromEntries(
  ['producer.request.timeout.ms', 'consumer.request.timeout.ms', 'request.timeout.ms'].map((key) => [key, '1000']),
);

describeKafka('a source while its broker stands still', () => {
  let broker: Broker;
  let folder: string;
  beforeAll(async () => {
    broker = await startBroker();
    folder = mkdtempSync(join(tmpdir(), 'sluice-frozen-broker-'));
  }, 10 * MINUTES);
  afterAll(async () => {
    broker?.thaw();
    await broker?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Source {
    readonly worker: KafkaWorker;
    readonly topic: string;
    readonly config: Readonly<Record<string, string>>;
    append(line: string): void;
    /** A client of its own, opened when the broker answers again. */
    read(): Promise<readonly (string | null)[]>;
  }

  /** Runs a source that has written `1`; then the broker stands still, `2` is on its way, and `3` waits behind it. */
  async function withSource(topic: string, body: (source: Source) => Promise<void>, graceMs = GRACE_MS): Promise<void> {
    const file = join(folder, topic);
    writeFileSync(file, '1\n');
    const config = {
      'connector.class': 'FileStreamSource',
      ...{ file, topic, transforms: 'number', 'transforms.number.type': 'org.apache.kafka.connect.transforms.Cast$Value' },
      'transforms.number.spec': 'int32',
    };
    const worker = await workerOnKafka(broker.bootstrap, { ...impatient, 'task.shutdown.graceful.timeout.ms': `${graceMs}` });
    const append = (line: string) => appendFileSync(file, `${line}\n`);
    let reader: Producing | undefined;
    const read = async () => {
      reader ??= await producing(broker.bootstrap);
      return reader.values(topic);
    };
    try {
      await worker.connectors.create(topic, config);
      await worker.until(() => worker.events.some(({ kind, connector }) => kind === 'offsets-committed' && connector === topic), topic);
      broker.freeze();
      append('2');
      // Until the answer to it is overdue: from then on batches wait.
      await wait(3_000);
      append('3');
      await wait(1_000);
      await body({ worker, topic, config, append, read });
    } finally {
      broker.thaw();
      await reader?.close();
      await worker.close();
    }
  }

  /** What is in the topic once whoever still wanted to write has had the time for it. */
  async function afterThaw({ read }: Source): Promise<readonly (string | null)[]> {
    broker.thaw();
    await wait(5_000);
    return read();
  }

  test('writes and commits all that it has read when it is stopped and the broker is back in time', { timeout: 2 * MINUTES }, async () => {
    const body = async ({ worker, topic, append, read }: Source) => {
      const stopped = worker.connectors.stop(topic);
      await wait(500);
      broker.thaw();
      await stopped;
      expect(await read()).toEqual(['1', '2', '3']);
      append('4');
      await worker.connectors.resume(topic);
      while ((await read()).length < 4) await wait(100);
      expect(await read()).toEqual(['1', '2', '3', '4']);
    };
    await withSource('stopped', body, MINUTES);
  });

  test('writes nothing more once it is deleted, but for what was on its way', { timeout: 2 * MINUTES }, async () => {
    await withSource('deleted', async (source) => {
      const before = performance.now();
      await source.worker.connectors.remove(source.topic);
      expect(performance.now() - before).toBeLessThan(GRACE_MS + 1_000);
      expect(await afterThaw(source)).not.toContain('3');
    });
  });

  test('writes what its successor writes no second time behind it', { timeout: 2 * MINUTES }, async () => {
    await withSource('reconfigured', async (source) => {
      const { worker, topic, config, append } = source;
      await worker.connectors.put(topic, { ...config, 'batch.size': '1' });
      append('4');
      const written = await afterThaw(source);
      // What was on its way may be there twice, and is before what was sent anew.
      expect(written.slice(written.lastIndexOf('2'))).toEqual(['2', '3', '4']);
      expect(written.slice(0, written.lastIndexOf('2')).filter((line) => line !== '2')).toEqual(['1']);
    });
  });

  test('that fails says so at once, and writes nothing more', { timeout: MINUTES }, async () => {
    await withSource('failed', async (source) => {
      const before = performance.now();
      source.append('not a number');
      const { tasks } = await source.worker.until(({ tasks: [task] }) => task?.state === 'FAILED', source.topic);
      expect(performance.now() - before).toBeLessThan(GRACE_MS);
      expect(tasks[0]?.trace).toContain('not a number');
      expect(await afterThaw(source)).not.toContain('3');
    });
  });
});
