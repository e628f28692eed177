import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { KeptConnector } from '../../src/store/config-state.ts';
import type { Resolve } from '../../src/worker/resolve.ts';
import { inStates, plugin, standalone, type TestWorker } from './standalone.ts';

/** Like a topic: what is written is known a little later, in the order in which it was written. */
class SlowStore {
  readonly connectors = new Map<string, KeptConnector>();
  writes = 0;
  #writes: Promise<unknown> = Promise.resolve();

  put = (name: string, kept: KeptConnector): Promise<void> => this.#write(() => void this.connectors.set(name, kept));
  remove = (name: string): Promise<void> => this.#write(() => void this.connectors.delete(name));

  #write(change: () => void): Promise<void> {
    this.writes++;
    const written = this.#writes.then(() => wait(20)).then(change);
    this.#writes = written;
    return written;
  }
}

const store = new SlowStore();
let worker: TestWorker;
beforeAll(async () => {
  worker = await standalone({}, [plugin('bad-plugins')], undefined, store);
});
afterAll(() => worker.close());
beforeEach(async () => {
  for (const name of worker.connectors.names()) await worker.connectors.remove(name);
});

const silent = (more: Readonly<Record<string, string>> = {}) => ({ 'connector.class': 'bad', at: 'silent', ...more });
const stored = () => Object.fromEntries([...store.connectors].map(([name, { config, target }]) => [name, { at: config['at'], target }]));

test('what is created, changed and aimed at is kept before whoever asked is told', async () => {
  const { connectors } = worker;
  await connectors.create('a', silent(), 'PAUSED');
  await connectors.create('b', silent());
  await connectors.patch('a', { topic: 't' });
  await connectors.stop('b');
  expect(store.connectors.get('a')).toEqual({ config: { name: 'a', ...silent({ topic: 't' }) }, target: 'PAUSED' });
  expect(store.connectors.get('b')?.target).toBe('STOPPED');
  await connectors.put('b', silent({ at: 'good' }));
  await connectors.resume('a');
  expect(stored()).toEqual({ a: { at: 'silent', target: 'STARTED' }, b: { at: 'good', target: 'STOPPED' } });
});

test('what is refused or removed is not kept', async () => {
  const { connectors } = worker;
  await expect(connectors.create('a', silent({ 'tasks.max': 'x' }))).rejects.toMatchObject({ status: 400 });
  await connectors.create('b', silent());
  await connectors.remove('b');
  expect(stored()).toEqual({});
});

test('what a connector fails to start with is kept: it has that config now', async () => {
  const { connectors } = worker;
  await expect(connectors.create('a', silent({ at: 'tasks' }))).rejects.toMatchObject({ status: 500 });
  expect(stored()).toEqual({ a: { at: 'tasks', target: 'STARTED' } });
  await connectors.pause('a');
  await connectors.put('a', silent());
  await connectors.resume('a');
  await expect(connectors.put('a', silent({ at: 'tasks-stream' }))).rejects.toMatchObject({ status: 500 });
  expect(stored()).toEqual({ a: { at: 'tasks-stream', target: 'STARTED' } });
});

test('what was kept already is restored without being written again, and what cannot be restored stays kept', async () => {
  const kept = (at: string) => ({ config: { name: at, ...silent({ at }) }, target: 'PAUSED' }) as const;
  store.connectors.set('silent', kept('silent')).set('config', kept('config'));
  const before = store.writes;
  await (await worker.connectors.restore('silent', kept('silent'))).started;
  const { started } = await worker.connectors.restore('config', kept('config'));
  await expect(started).rejects.toMatchObject({ status: 500 });
  expect(worker.connectors.status('silent').connector.state).toBe('PAUSED');
  expect(store.writes).toBe(before);
  expect(store.connectors.get('config')).toEqual(kept('config'));
  store.connectors.delete('config');
});

const restored = async (connectors: TestWorker['connectors'], name: string, config: Readonly<Record<string, string>>) => {
  const kept = { config: { name, ...config }, target: 'STARTED' } as const;
  store.connectors.set(name, kept);
  const { started } = await connectors.restore(name, kept);
  return started.then(
    () => 'started',
    ({ message }: Error) => message,
  );
};

test.each([
  ['whose plugin is gone', { 'connector.class': 'org.acme.Gone' }, 'unknown', 'org.acme.Gone'],
  ['whose config is refused by now', silent({ 'tasks.max': 'x' }), 'source', 'Invalid value x for configuration tasks.max'],
  ['whose settings of the run are refused by now', silent({ 'restart.attempts': 'x' }), 'source', 'restart.attempts'],
])('a kept connector %s is there as FAILED with the reason, and can be corrected or deleted', async (_how, config, type, reason) => {
  const { connectors } = worker;
  expect(await restored(connectors, 'a', config)).toContain(reason);
  const failed = { type, connector: { state: 'FAILED', trace: expect.stringContaining(reason) }, tasks: [] };
  expect(connectors.status('a')).toMatchObject(failed);
  expect(connectors.info('a')).toMatchObject({ config: { name: 'a', ...config }, tasks: [], type });
  await expect(connectors.restart('a', { includeTasks: false, onlyFailed: false })).rejects.toThrow(reason);
  expect(connectors.status('a')).toMatchObject(failed);
  await connectors.stop('a');
  expect(connectors.status('a').connector.state).toBe('STOPPED');
  await connectors.resume('a');
  expect(connectors.status('a')).toMatchObject(failed);
  await connectors.put('a', silent());
  await worker.until(inStates('RUNNING', 'RUNNING'), 'a');
  expect(connectors.status('a').type).toBe('source');
  expect(stored()).toEqual({ a: { at: 'silent', target: 'STARTED' } });

  expect(await restored(connectors, 'b', config)).toContain(reason);
  await connectors.remove('b');
  expect(connectors.names()).toEqual(['a']);
  expect(store.connectors.has('b')).toBe(false);
});

test.each(['user', 'policy'])(
  'a kept connector whose secret was away runs when it is restarted by the %s and the secret is back',
  async (by) => {
    let away = true;
    const resolve: Resolve = async (config) => {
      if (away) throw new Error('the vault does not answer');
      return { config };
    };
    const secretive = await standalone({ 'restart.backoff.ms': '50' }, [plugin('bad-plugins')], resolve, store);
    onTestFinished(() => secretive.close());
    const policy = by === 'policy' ? { 'restart.policy': 'on-failure' } : {};
    expect(await restored(secretive.connectors, 'a', silent(policy))).toContain('the vault does not answer');
    expect(secretive.connectors.status('a')).toMatchObject({ type: 'unknown', connector: { state: 'FAILED' } });
    away = false;
    if (by === 'user') await secretive.connectors.restart('a', { includeTasks: false, onlyFailed: false });
    await secretive.until(inStates('RUNNING', 'RUNNING'), 'a');
    expect(secretive.connectors.status('a').type).toBe('source');
    await secretive.connectors.remove('a');
  },
);

test('a create that fails before it comes to the name leaves who has it as it is', async () => {
  const { connectors } = worker;
  await connectors.create('a', silent());
  await connectors.pause('a');
  await expect(connectors.create('a', silent({ at: 'config' }))).rejects.toMatchObject({ status: 500 });
  expect(stored()).toEqual({ a: { at: 'silent', target: 'PAUSED' } });
});

test('of changes at the same time the last word on each thing is kept', async () => {
  const { connectors } = worker;
  await connectors.create('a', silent());
  await Promise.all([connectors.pause('a'), connectors.put('a', silent({ at: 'good' }))]);
  expect(stored()).toEqual({ a: { at: 'good', target: 'PAUSED' } });
  await Promise.all([connectors.put('a', silent()), connectors.resume('a')]);
  expect(stored()).toEqual({ a: { at: 'silent', target: 'STARTED' } });
});

test('a name is free when its connector is kept no more', async () => {
  const { connectors } = worker;
  await connectors.create('a', silent());
  const again = wait(10).then(() => connectors.create('a', silent()));
  await Promise.allSettled([connectors.remove('a'), connectors.remove('a'), again]);
  await wait(50);
  expect(Object.keys(stored())).toEqual(connectors.names());
});

test('a change that comes too late is refused, and not kept', async () => {
  const { connectors } = worker;
  await connectors.create('a', silent());
  const removing = connectors.remove('a');
  await expect(connectors.pause('a')).rejects.toMatchObject({ status: 404, message: 'Connector a not found' });
  await removing;
  expect(stored()).toEqual({});
  const closing = await standalone({}, [plugin('bad-plugins')], undefined, store);
  await closing.connectors.create('b', silent());
  const closed = closing.close();
  await expect(closing.connectors.pause('b')).rejects.toMatchObject({ status: 500, message: expect.stringContaining('shutting down') });
  await closed;
  expect(stored()).toEqual({ b: { at: 'silent', target: 'STARTED' } });
});
