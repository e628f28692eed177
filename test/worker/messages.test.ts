import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { config, defineSource, string } from 'sluice/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EmbeddedDriver } from '../../src/kafka/embedded/embedded-driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import { builtins } from '../../src/plugins/builtins.ts';
import type { PluginEntry } from '../../src/plugins/plugin-entry.ts';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import { createLog } from '../../src/telemetry/log.ts';
import type { FromThread, OffsetAnswer, Unit } from '../../src/worker/messages.ts';
import { Pulse } from '../../src/worker/pulse.ts';
import { ThreadHost } from '../../src/worker/thread/host.ts';
import { converters } from './standalone.ts';

/** A source that says which run its code belongs to, when it is opened and when it is closed. */
const entries: (number | undefined)[] = [];
const entered: PluginEntry<'source'> = {
  kind: 'source',
  name: 'entered',
  aliases: [],
  load: async () =>
    defineSource({
      name: 'entered',
      summary: 'Says where it is called.',
      config: config({ topic: string({ doc: 'Topic.' }) }),
      open: () =>
        new Observable(() => {
          entries.push(host.current);
          return () => entries.push(host.current);
        }),
    }),
};

/** The thread's side of the protocol without a thread, each message cloned as `postMessage` does. */
let host: ThreadHost;
let driver: EmbeddedDriver;
let folder: string;
let said: FromThread[];
let pulse: Pulse;
let stored: OffsetAnswer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-messages-'));
  driver = await openEmbedded({ dataDir: join(folder, 'data'), cleanUpEveryMs: 0 });
  said = [];
  entries.length = 0;
  pulse = new Pulse();
  stored = { kind: 'saved' };
  const tell = (message: FromThread) => {
    said.push(structuredClone(message));
    if (message.kind === 'ask')
      queueMicrotask(() => send({ kind: 'answer', request: message.request, result: answer(message.question.kind) }));
  };
  const log = createLog({ write: () => undefined });
  const worker = { ...converters, 'offset.flush.interval.ms': '5' };
  const plugins = async () => new PluginRegistry([...builtins, entered]);
  const lend = async () => ({ driver, close: async () => {} });
  host = new ThreadHost({ worker, log, pulse, plugins, lend, tell }, () => undefined);
});
afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
});

function answer(kind: 'load' | 'save' | 'load-state'): OffsetAnswer {
  if (kind === 'load') return { kind: 'loaded', offsets: [{ position: 2 }] };
  return kind === 'save' ? stored : { kind: 'state', state: {} };
}
const send = (message: Parameters<ThreadHost['receive']>[0]) => host.receive(structuredClone(message));
const about = (run: number) =>
  said.filter((message) => 'run' in message && message.run === run && message.kind !== 'ask').map(({ kind }) => kind);
const until = async (run: number, kind: FromThread['kind']) => {
  while (!about(run).includes(kind)) await new Promise((resolve) => setTimeout(resolve, 2));
};

const lines = () => ({ name: 'in', 'connector.class': 'FileStreamSource', file: join(folder, 'in.txt'), topic: 't', ...converters });
const task = (more: Partial<Extract<Unit, { kind: 'task' }>> = {}): Unit => ({
  kind: 'task',
  connector: 'in',
  task: 0,
  config: lines(),
  part: { source: lines(), sink: null },
  partitions: 'all',
  pausedBy: [],
  ...more,
});

describe('the protocol', () => {
  test('a connector says how it divides its work, and ends when it is stopped', async () => {
    send({ kind: 'start', run: 1, unit: { kind: 'connector', connector: 'in', config: lines() } });
    await until(1, 'divided');
    send({ kind: 'stop', run: 1, deadlineMs: 100 });
    expect(said).toEqual([
      { kind: 'divided', run: 1, parts: [{ source: lines(), sink: null }] },
      { kind: 'ended', run: 1 },
    ]);
  });

  test('a task begins at the offsets it is given, says what it committed, and ends when it is stopped', async () => {
    writeFileSync(join(folder, 'in.txt'), 'a\nb\n');
    send({ kind: 'start', run: 7, unit: task() });
    await until(7, 'committed');
    send({ kind: 'stop', run: 7, deadlineMs: 100 });
    await until(7, 'ended');
    expect(about(7)).toEqual(['built', 'started', 'used', 'committed', 'ended']);
    expect(said).toContainEqual({ kind: 'used', run: 7, topics: ['t'] });
    expect(said.flatMap((message) => (message.kind === 'ask' ? [message.question] : []))).toEqual([
      { kind: 'load-state' },
      { kind: 'load', partitions: [{ filename: join(folder, 'in.txt') }] },
      { kind: 'save', offsets: [{ partition: { filename: join(folder, 'in.txt') }, offset: { position: 4 } }], state: undefined },
    ]);
    expect(pulse.entered).toBe(7);
  });

  test.each(['stop', 'cancel'] as const)("%s runs a task's code as its own, whatever ran last on the thread", async (kind) => {
    const raw = { name: 'in', 'connector.class': 'entered', topic: 't', ...converters };
    send({ kind: 'start', run: 1, unit: task({ config: raw, part: { source: raw, sink: null } }) });
    await until(1, 'started');
    send({ kind: 'pause', run: 2, reason: 'user' });
    send(kind === 'stop' ? { kind, run: 1, deadlineMs: 100 } : { kind, run: 1 });
    while (entries.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(entries).toEqual([1, 1]);
    expect(pulse.entered).toBe(1);
  });

  test('offsets that are refused are tried again, and the task goes on', async () => {
    writeFileSync(join(folder, 'in.txt'), 'a\nb\n');
    stored = { kind: 'refused', fault: { message: 'full', status: 500, trace: 'full' } };
    send({ kind: 'start', run: 1, unit: task() });
    const saves = () => said.filter((message) => message.kind === 'ask' && message.question.kind === 'save').length;
    while (saves() < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(about(1)).toEqual(['built', 'started', 'used']);
    stored = { kind: 'saved' };
    await until(1, 'committed');
    send({ kind: 'cancel', run: 1 });
  });

  test('a task that begins paused opens nothing before it is resumed', async () => {
    writeFileSync(join(folder, 'in.txt'), 'a\nb\n');
    send({ kind: 'start', run: 1, unit: task({ pausedBy: ['user', 'rebalance'] }) });
    send({ kind: 'resume', run: 1, reason: 'user' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(said).toEqual([
      { kind: 'built', run: 1 },
      { kind: 'started', run: 1 },
    ]);
    send({ kind: 'resume', run: 1, reason: 'rebalance' });
    await until(1, 'committed');
    send({ kind: 'cancel', run: 1 });
  });

  test('what is cancelled says nothing more, and messages for it are nothing to anybody', async () => {
    writeFileSync(join(folder, 'in.txt'), 'a\nb\n');
    send({ kind: 'start', run: 1, unit: task() });
    await until(1, 'started');
    send({ kind: 'cancel', run: 1 });
    const before = about(1);
    for (const kind of ['pause', 'resume'] as const) send({ kind, run: 1, reason: 'user' });
    send({ kind: 'stop', run: 1, deadlineMs: 1 });
    send({ kind: 'assign', run: 1, number: 1, partitions: [], why: 'rebalance', deadlineMs: 100 });
    send({ kind: 'answer', request: 99, result: { kind: 'saved' } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(about(1)).toEqual(before);
  });

  test('a task that shares partitions reads those it is assigned, and says what it holds', async () => {
    const admin = await driver.admin();
    await admin.createTopics([{ name: 't', partitions: 3 }]);
    const sink = { name: 'out', 'connector.class': 'FileStreamSink', topics: 't', file: join(folder, 'out.txt'), 'tasks.max': '2' };
    const of = (...partitions: readonly number[]) => partitions.map((partition) => ({ kafka_topic: 't', kafka_partition: partition }));
    send({ kind: 'start', run: 1, unit: { kind: 'connector', connector: 'out', config: sink } });
    await until(1, 'divided');
    const [divided] = said.flatMap((message) => (message.kind === 'divided' ? message.parts : []));
    if (divided === undefined) throw new Error('nothing was divided');
    send({ kind: 'start', run: 2, unit: task({ connector: 'out', config: sink, part: divided, partitions: 'shared' }) });
    await until(2, 'found');
    expect(said.at(-1)).toEqual({ kind: 'found', run: 2, partitions: of(0, 1, 2) });
    send({ kind: 'assign', run: 2, number: 1, partitions: of(0, 1), why: 'rebalance', deadlineMs: 1_000 });
    send({ kind: 'assign', run: 2, number: 2, partitions: of(1), why: 'rebalance', deadlineMs: 1_000 });
    while (about(2).filter((kind) => kind === 'holding').length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(said.flatMap((message) => (message.kind === 'holding' ? [[message.number, message.partitions]] : []))).toEqual([
      [1, of(0, 1)],
      [2, of(1)],
    ]);
    send({ kind: 'stop', run: 2, deadlineMs: 100 });
    await until(2, 'ended');
  });
});
