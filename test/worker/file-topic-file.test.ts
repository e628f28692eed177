import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSink, fileSource } from 'sluice/connectors/file';
import { kafkaTopicSink, kafkaTopicSource } from 'sluice/connectors/kafka';
import { jsonConverter } from 'sluice/converters/json';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decode, encode, type Pipeline, type PipelineEvent, pipeline, type Runnable, run } from '../../src/index.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-ftf-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const worker = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'offset.flush.interval.ms': '50',
};
const source = () => ({
  name: 'lines-in',
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  'tasks.max': '1',
  file: at('in.txt'),
  topic: 'lines',
});
const sink = () => ({ name: 'lines-out', 'connector.class': 'FileStreamSink', file: at('out.txt'), topics: 'lines' });

const connectors = (extra: Readonly<Record<string, string>> = {}) => [source(), sink()].map((connector) => ({ ...connector, ...extra }));

/** Runs both until the output is as long as the input, then stops both. */
async function copy(pipelines: readonly Runnable[]): Promise<PipelineEvent[]> {
  const stop = new AbortController();
  const events: PipelineEvent[] = [];
  const runs = pipelines.map(
    (pipeline) =>
      new Promise<void>((resolve, reject) => {
        run(pipeline, { data: at('data'), worker, signal: stop.signal }).subscribe({
          next: (event) => events.push(event),
          error: reject,
          complete: resolve,
        });
      }),
  );
  const arrived = expect.poll(() => sizeOf('out.txt'), { timeout: 15_000, interval: 20 }).toBe(sizeOf('in.txt'));
  await Promise.race([arrived, Promise.all(runs)]);
  stop.abort();
  await Promise.all(runs);
  return events;
}

const sizeOf = (name: string): number => statSync(at(name), { throwIfNoEntry: false })?.size ?? 0;
const hashOf = (name: string): string =>
  createHash('sha256')
    .update(readFileSync(at(name)))
    .digest('hex');
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i} ${'ä€😀'.repeat((from + i) % 4)}\n`).join('');

test('a file goes through a topic into an equal file, and after a restart only what is new goes', { timeout: 40_000 }, async () => {
  writeFileSync(at('in.txt'), lines(0, 20_000));
  await copy(connectors());
  expect(hashOf('out.txt')).toBe(hashOf('in.txt'));
  appendFileSync(at('in.txt'), lines(20_000, 30_000));
  const events = await copy(connectors());
  expect(hashOf('out.txt')).toBe(hashOf('in.txt'));
  const committed = (pipeline: string) =>
    events.reduce((sum, event) => sum + (event.kind === 'committed' && event.pipeline === pipeline ? event.records : 0), 0);
  expect([committed('lines-in'), committed('lines-out')]).toEqual([10_000, 10_000]);
});

test('values survive the JSON converter in both directions', { timeout: 20_000 }, async () => {
  writeFileSync(at('in.txt'), lines(0, 1_000));
  await copy(connectors({ 'value.converter': 'org.apache.kafka.connect.json.JsonConverter', 'value.converter.schemas.enable': 'true' }));
  expect(hashOf('out.txt')).toBe(hashOf('in.txt'));
});

test('the same is written in code, and as the JSON of it', { timeout: 40_000 }, async () => {
  const toTopic = pipeline('in')
    .from(fileSource({ file: at('in.txt'), topic: 'lines' }))
    .pipe(encode({ value: jsonConverter }))
    .to(kafkaTopicSink());
  const fromTopic = pipeline('out')
    .from(kafkaTopicSource({ topics: ['lines'], 'group.id': 'out' }))
    .pipe(decode({ value: jsonConverter }))
    .to(fileSink({ file: at('out.txt') }));
  const json = ({ toSpec }: Pipeline): Runnable => JSON.parse(JSON.stringify(toSpec()));
  writeFileSync(at('in.txt'), lines(0, 500));
  await copy([toTopic, fromTopic]);
  appendFileSync(at('in.txt'), lines(500, 1_000));
  await copy([toTopic, fromTopic].map(json));
  expect(hashOf('out.txt')).toBe(hashOf('in.txt'));
});
