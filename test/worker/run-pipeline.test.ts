import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, type Observable, tap, timer, toArray } from 'rxjs';
import { fileSink, fileSource } from 'sluice/connectors/file';
import { config, defineOperator, mapRecord, string } from 'sluice/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { named, type PipelineEvent, pipeline, run } from '../../src/index.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const upper = mapRecord((record) => ({ ...record, value: String(record.value).toUpperCase() }));
const shout = () =>
  pipeline('shout', { commitIntervalMs: 10 })
    .from(fileSource({ file: at('in.txt'), topic: 'lines' }))
    .pipe(named('upper', upper))
    .to(fileSink({ file: at('out.txt') }));

/** Runs until `enough` holds, then stops; gives all events. */
async function runUntil(events: (signal: AbortSignal) => Observable<PipelineEvent>, enough: () => boolean): Promise<PipelineEvent[]> {
  const stop = new AbortController();
  const seen: PipelineEvent[] = [];
  const done = new Promise<void>((resolve, reject) => {
    events(stop.signal).subscribe({ next: (event) => seen.push(event), error: reject, complete: resolve });
  });
  while (!enough()) await Promise.race([lastValueFrom(timer(5)), done]);
  stop.abort();
  await done;
  return seen;
}
/** What is in the output; nothing while there is no such file. */
const written = () => (existsSync(at('out.txt')) ? read('out.txt') : '');
const wrote = (text: string) => () => written() === text;

test('carries a file through an operator into a file, and goes on where it stopped', async () => {
  writeFileSync(at('in.txt'), 'a\nb\n');
  const first = await runUntil((signal) => run(shout(), { data: at('data'), signal }), wrote('A\nB\n'));
  expect(first.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['running', 'draining', 'committed']));
  expect(first.filter((event) => event.kind === 'committed').at(-1)).toMatchObject({
    pipeline: 'shout',
    task: 0,
    offsets: [{ partition: { filename: at('in.txt') }, offset: { position: 4 } }],
  });
  appendFileSync(at('in.txt'), 'c\n');
  await runUntil((signal) => run(shout(), { data: at('data'), signal }), wrote('A\nB\nC\n'));
  expect(read('out.txt')).toBe('A\nB\nC\n');
});

test('a config may name plugins that the caller brings', async () => {
  const exclaim = defineOperator({
    name: 'exclaim',
    aliases: ['com.acme.Exclaim'],
    summary: 'Makes values loud.',
    config: config({ mark: string({ default: '!', doc: 'What to add.' }) }),
    create: ({ mark }) => mapRecord((record) => ({ ...record, value: `${record.value}${mark}` })),
  });
  writeFileSync(at('in.txt'), 'a\n');
  const document = {
    name: 'p',
    nodes: [
      { kind: 'source' as const, name: 'in', plugin: 'file', config: { file: at('in.txt'), topic: 'lines' } },
      { kind: 'operator' as const, name: 'loud', plugin: 'com.acme.Exclaim', config: { mark: '?' } },
      { kind: 'sink' as const, name: 'out', plugin: 'file', config: { file: at('out.txt') } },
    ],
  };
  await runUntil((signal) => run(document, { data: at('data'), signal, plugins: [exclaim] }), wrote('a?\n'));
  await expect(lastValueFrom(run(document, { data: at('data') }))).rejects.toThrow('There is no operator named com.acme.Exclaim.');
});

test('two pipelines share a data folder, and a third opens it when they are gone', async () => {
  for (const name of ['a', 'b', 'c']) writeFileSync(at(`${name}.txt`), `${name}\n`);
  const copy = (name: string) =>
    pipeline(name)
      .from(fileSource({ file: at(`${name}.txt`), topic: 't' }))
      .to(fileSink({ file: at(`${name}.out`) }));
  const arrived = (name: string) => () => {
    try {
      return read(`${name}.out`) === `${name}\n`;
    } catch {
      return false;
    }
  };
  await Promise.all(['a', 'b'].map((name) => runUntil((signal) => run(copy(name), { data: at('data'), signal }), arrived(name))));
  await runUntil((signal) => run(copy('c'), { data: at('data'), signal }), arrived('c'));
});

test('a folder can be opened again at once after a kill', async () => {
  writeFileSync(at('in.txt'), 'a\n');
  for (let i = 0; i < 3; i++) {
    const killed = run(shout(), { data: at('data') }).subscribe();
    await lastValueFrom(timer(i * 10));
    killed.unsubscribe();
  }
  await runUntil(
    (signal) => run(shout(), { data: at('data'), signal }),
    () => written().endsWith('A\n'),
  );
});

test('a signal that has fired already stops the run', async () => {
  writeFileSync(at('in.txt'), 'a\n');
  const events = await lastValueFrom(run(shout(), { data: at('data'), signal: AbortSignal.abort() }).pipe(toArray()));
  expect(events.map(({ kind }) => kind)).toContain('draining');
});

test('a given driver is used, and stays open', async () => {
  writeFileSync(at('in.txt'), 'a\n');
  const driver = await openEmbedded({ dataDir: at('data') });
  await runUntil((signal) => run(shout(), { driver, signal }), wrote('A\n'));
  const admin = await driver.admin();
  expect(await admin.listTopics()).toContain('connect-offsets');
  await driver.close();
});

describe('a failing record', () => {
  const picky = (tolerance: 'none' | 'all') =>
    pipeline('picky', { commitIntervalMs: 10, errors: { tolerance } })
      .from(fileSource({ file: at('in.txt'), topic: 'lines' }))
      .pipe(
        named(
          'picky',
          mapRecord((record) => {
            if (record.value === 'bad') throw new Error('no bad lines');
            return record;
          }),
        ),
      )
      .to(fileSink({ file: at('out.txt') }));

  test('fails the task under tolerance none, and nothing at or behind it is committed (I1)', async () => {
    writeFileSync(at('in.txt'), 'a\nbad\nb\n');
    const events: PipelineEvent[] = [];
    const failing = run(picky('none'), { data: at('data') }).pipe(tap((event) => events.push(event)));
    await expect(lastValueFrom(failing)).rejects.toThrow('no bad lines');
    expect(events.find(({ kind }) => kind === 'record-failed')).toMatchObject({ failure: { stage: 'TRANSFORMATION', node: 'picky' } });
    writeFileSync(at('out.txt'), '');
    await runUntil(
      (signal) => run(picky('all'), { data: at('data'), signal }),
      () => read('out.txt').endsWith('b\n'),
    );
  });

  test('is skipped under tolerance all', async () => {
    writeFileSync(at('in.txt'), 'a\nbad\nb\n');
    const events = await runUntil((signal) => run(picky('all'), { data: at('data'), signal }), wrote('a\nb\n'));
    expect(events.findLast(({ kind }) => kind === 'committed')).toMatchObject({ offsets: [{ offset: { position: 8 } }] });
  });
});

test('unsubscribing before the driver is open leaves nothing open', async () => {
  const subscription = run(shout(), { data: at('data') }).subscribe();
  subscription.unsubscribe();
  await expect
    .poll(() => openEmbedded({ dataDir: at('data') }).then((driver) => driver.close().then(() => 'opened'), String))
    .toBe('opened');
});

test('several brokers are too many', async () => {
  const driver = await openEmbedded({ dataDir: at('data') });
  await expect(lastValueFrom(run(shout(), { driver, data: at('other') }))).rejects.toThrow(
    'Pipeline shout was given several brokers: options.driver and options.data.',
  );
  await driver.close();
});

test('a run whose only work is to wait for records keeps its process alive', () => {
  const fixture = new URL('fixtures/waits-for-records.ts', import.meta.url);
  const child = spawnSync(process.execPath, ['--conditions=source', fixture.pathname, folder], { encoding: 'utf8', timeout: 30_000 });
  expect(child.stdout).toBe('running\nalive\n');
});

test('what a connector config lacks is told once', async () => {
  const sink = { name: 'c', 'connector.class': 'FileStreamSink', topics: 't', 'value.converter': 'String' };
  await expect(lastValueFrom(run(sink, { data: at('data') }))).rejects.toThrow(
    /^Pipeline c has a problem:\n {2}c at key\.converter: There is no converter\. Set key\.converter in the connector or the worker\.$/,
  );
});

test('a pipeline with a mistake errors before anything is opened', async () => {
  const wrong = pipeline('p')
    .from({ plugin: 'file', config: { topic: 't' } })
    .to({ plugin: 'flie' });
  await expect(lastValueFrom(run(wrong, { data: at('data') }))).rejects.toThrow('There is no sink named flie. Near names: file.');
  expect(() => readFileSync(at('data'))).toThrow('ENOENT');
});
