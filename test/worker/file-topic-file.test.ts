import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineEvent, run } from '../../src/index.ts';

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

/** Runs both connectors until the output is as long as the input, then stops both. */
async function copy(extra: Readonly<Record<string, string>> = {}): Promise<PipelineEvent[]> {
  const stop = new AbortController();
  const events: PipelineEvent[] = [];
  const runs = [source(), sink()].map(
    (connector) =>
      new Promise<void>((resolve, reject) => {
        run({ ...connector, ...extra }, { data: at('data'), worker, signal: stop.signal }).subscribe({
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
  await copy();
  expect(hashOf('out.txt')).toBe(hashOf('in.txt'));
  appendFileSync(at('in.txt'), lines(20_000, 30_000));
  const events = await copy();
  expect(hashOf('out.txt')).toBe(hashOf('in.txt'));
  const committed = (pipeline: string) =>
    events.reduce((sum, event) => sum + (event.kind === 'committed' && event.pipeline === pipeline ? event.records : 0), 0);
  expect([committed('lines-in'), committed('lines-out')]).toEqual([10_000, 10_000]);
});

test('values survive the JSON converter in both directions', { timeout: 20_000 }, async () => {
  writeFileSync(at('in.txt'), lines(0, 1_000));
  await copy({ 'value.converter': 'org.apache.kafka.connect.json.JsonConverter', 'value.converter.schemas.enable': 'true' });
  expect(hashOf('out.txt')).toBe(hashOf('in.txt'));
});
