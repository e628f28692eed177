import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EmbeddedDriver } from '../../src/kafka/embedded/embedded-driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import type { Unit } from '../../src/worker/messages.ts';
import { type Placement, type RunMessage, ThreadPool } from '../../src/worker/thread-pool.ts';
import { converters, plugin } from './standalone.ts';

let driver: EmbeddedDriver;
let folder: string;
let pool: ThreadPool;
/** Tasks that asked for offsets. */
let asked: (number | undefined)[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-pool-'));
  driver = await openEmbedded({ dataDir: folder, cleanUpEveryMs: 0 });
  asked = [];
  pool = new ThreadPool({
    threads: 2,
    livenessMs: 1_500,
    settings: {
      broker: { kind: 'embedded', broker: driver.share() },
      worker: converters,
      plugins: [plugin('bad-plugins')],
      logLevel: 'error',
    },
    answer: async (asking, { kind }) => {
      asked.push(asking.kind === 'task' ? asking.task : undefined);
      return kind === 'load' ? { kind: 'loaded', offsets: [null] } : { kind: 'state', state: {} };
    },
    log: () => undefined,
  });
});
afterEach(async () => {
  await pool.close();
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
});

const shared: Placement = { dedicated: false, heapMb: undefined };
const unit = (task: number, at: string): Unit => {
  const config = { name: 'c', 'connector.class': 'bad', at };
  return { kind: 'task', connector: 'c', task, config, part: { source: config, sink: null }, partitions: 'all', pausedBy: [] };
};

interface Started {
  readonly placement?: Placement;
  readonly answer?: Parameters<ThreadPool['start']>[3];
  readonly hear?: (message: RunMessage) => void;
}

/** Starts a task, and keeps what it is told. */
function start(task: number, at: string, { placement = shared, answer, hear = () => undefined }: Started = {}) {
  const told: RunMessage[] = [];
  const tell = (message: RunMessage) => {
    told.push(message);
    hear(message);
  };
  const run = pool.start(unit(task, at), placement, tell, answer);
  const until = async (kind: RunMessage['kind'], times = 1) => {
    while (told.filter((message) => message.kind === kind).length < times) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { run, told, until, kinds: () => told.map(({ kind }) => kind) };
}

test('a crash fails the task that was entered last; others on its thread begin anew, and those of other threads notice nothing (T9)', async () => {
  const first = start(0, 'silent');
  const second = start(1, 'silent');
  await Promise.all([first.until('started'), second.until('started')]);
  const guilty = start(2, 'exit');
  await guilty.until('failed');
  expect(guilty.told.at(-1)).toMatchObject({
    fault: { message: expect.stringContaining('The thread of Task c-2 ended: it exited with code 7.') },
  });
  await first.until('started', 2);
  expect(first.kinds()).toEqual(['built', 'started', 'displaced', 'built', 'started']);
  expect(second.kinds()).toEqual(['built', 'started']);
});

test('a paused task that has to move is paused on its new thread too', async () => {
  const moved = start(0, 'good');
  await moved.until('started');
  moved.run.pause('user');
  start(1, 'silent');
  const guilty = start(2, 'block');
  await guilty.until('failed');
  await moved.until('started', 2);
  expect(moved.kinds().filter((kind) => kind !== 'used')).toEqual(['built', 'started', 'displaced', 'built', 'started']);
  moved.run.stop(100);
  await moved.until('ended');
});

test('a task that is cancelled when its thread is lost does not begin anew', async () => {
  const cancelled = start(0, 'good', { hear: ({ kind }) => kind === 'displaced' && cancelled.run.cancel() });
  await cancelled.until('started');
  start(1, 'silent');
  const guilty = start(2, 'block');
  await guilty.until('failed');
  const before = asked.length;
  // Wherever it went, these come after it.
  const later = [start(3, 'silent'), start(4, 'silent')];
  await Promise.all(later.map(({ until }) => until('started')));
  expect(cancelled.kinds().filter((kind) => kind !== 'used')).toEqual(['built', 'started', 'displaced']);
  expect(asked.slice(before)).not.toContain(0);
});

test('a thread of its own ends with its task', async () => {
  const alone = start(0, 'silent', { placement: { dedicated: true, heapMb: 32 } });
  await alone.until('started');
  const guilty = start(1, 'block');
  await guilty.until('failed');
  expect(alone.kinds()).toEqual(['built', 'started']);
  alone.run.stop(100);
  await alone.until('ended');
});

describe('what goes wrong on this side fails one task, and nothing else (I9)', () => {
  const failedWith = (message: string) => ({ kind: 'failed', fault: { message: expect.stringContaining(message) } });

  test('an answer that cannot be given', async () => {
    const asking = start(0, 'good', {
      answer: () => {
        throw new Error('no such group');
      },
    });
    await asking.until('failed');
    expect(asking.told.at(-1)).toMatchObject(failedWith('no such group'));
  });

  test('what it says and nobody can take', async () => {
    const other = start(0, 'silent');
    await other.until('started');
    const hear = ({ kind }: RunMessage) => {
      if (kind === 'started') throw new Error('not now');
    };
    const heard = start(1, 'good', { hear });
    await heard.until('failed');
    expect(heard.told.at(-1)).toMatchObject(failedWith('not now'));
    const said = heard.told.length;
    heard.run.stop(100);
    other.run.stop(100);
    await other.until('ended');
    expect(heard.told).toHaveLength(said);
  });

  test('when it is told that it has to move', async () => {
    const hear = ({ kind }: RunMessage) => {
      if (kind === 'displaced') throw new Error('not now');
    };
    const first = start(0, 'silent', { hear });
    await first.until('started');
    start(1, 'silent');
    // The least loaded thread is the first one's.
    const [guilty, third] = [start(2, 'block'), start(3, 'silent')];
    await Promise.all([guilty.until('failed'), third.until('started')]);
    expect(first.told.at(-1)).toMatchObject(failedWith('not now'));
    expect(guilty.told.at(-1)).toMatchObject(failedWith('blocked its thread'));
  });

  test('a unit that no thread can be sent', async () => {
    const told: RunMessage[] = [];
    const broken = { ...unit(0, 'silent'), config: { at: () => 'silent' } } as unknown as Unit;
    pool.start(broken, { dedicated: true, heapMb: undefined }, (message) => told.push(message));
    await expect.poll(() => told).toMatchObject([failedWith('could not be cloned')]);
  });

  test('what a plugin sends past it', async () => {
    const rude = start(0, 'posts');
    await rude.until('started');
    rude.run.stop(100);
    await rude.until('ended');
    expect(rude.kinds()).toEqual(['built', 'started', 'ended']);
  });
});
