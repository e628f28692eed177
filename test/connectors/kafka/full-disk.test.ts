import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect } from 'vitest';
import { kafkaTopicSink } from '../../../connectors/kafka/index.ts';
import type { EncodedRecord } from '../../../src/sdk/index.ts';
import { eventually } from '../../../src/testing/contract.ts';
import { probeSink } from '../../../src/testing/probe-sink.ts';
import { run } from '../../../src/worker/run-pipeline.ts';
import { diskTest, onSmallDisk } from '../../small-disk.ts';
import { type TestBroker, testBroker } from './broker.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-full-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A broker on a small disk, and what takes most of its room. */
const onFullDisk = (body: (broker: TestBroker, free: () => void) => Promise<void>) =>
  onSmallDisk(folder, '8m', async (disk) => {
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(4_000_000));
    const broker = await testBroker(join(disk, 'data'));
    try {
      await body(broker, () => rmSync(filler));
    } finally {
      await broker.close();
    }
  });

const values = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(100_000)}`);
const records = values.map(
  (value): EncodedRecord => ({ topic: 't', partition: 0, key: null, value, headers: undefined, timestamp: undefined }),
);

diskTest('what a full disk did not take is written in order once there is room, and blames no record', () =>
  onFullDisk(async (broker, free) => {
    let retries = 0;
    const retry = () => {
      retries++;
      return 20;
    };
    const sink = await probeSink(kafkaTopicSink, { config: {}, resources: broker.resources, flow: { retry } });
    for (const record of records) {
      sink.write([record]);
      await new Promise(setImmediate);
    }
    await eventually('the disk is full', () => retries > 2);
    free();
    await sink.settled();
    await sink.close();
    expect(new Set(records.map((record) => sink.outcomes.get(record)?.kind))).toEqual(new Set(['delivered']));
    expect(sink.failures).toEqual([]);
    // A write that was appended behind one that was not is repeated behind it: the last of each are in order, and all are there.
    const written = await broker.values('t');
    expect(values.map((value) => written.lastIndexOf(value))).toEqual(
      values.map((value) => written.lastIndexOf(value)).sort((a, b) => a - b),
    );
    expect(new Set(written)).toEqual(new Set(values));
  }),
);

diskTest('a full disk fails the task, although all errors are tolerated, and loses nothing', () =>
  onFullDisk(async (broker, free) => {
    const file = join(folder, 'in.txt');
    writeFileSync(file, values.map((value) => `${value}\n`).join(''));
    const string = 'org.apache.kafka.connect.storage.StringConverter';
    const connector = {
      name: 'lines',
      'connector.class': 'FileStreamSource',
      file,
      topic: 't',
      'batch.size': '3',
      'errors.tolerance': 'all',
    };
    const worker = { 'key.converter': string, 'value.converter': string, 'offset.flush.interval.ms': '20' };
    const stop = new AbortController();
    const running = () =>
      lastValueFrom(run(connector, { driver: broker.driver, worker, signal: stop.signal, logLevel: 'silent' }), {
        defaultValue: undefined,
      });
    await expect(running()).rejects.toThrow('There is no space left to write store');
    free();
    const again = running();
    await eventually('the last line is written', async () => (await broker.values('t')).at(-1) === values.at(-1));
    stop.abort();
    await again;
    expect(new Set(await broker.values('t'))).toEqual(new Set(values));
  }),
);
