import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startConnectors } from '../../../src/cli/standalone/start-connectors.ts';
import type { ConnectorFile } from '../../../src/config/connector-file.ts';
import type { KeptConnector } from '../../../src/store/config-state.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { Overtaken } from '../../../src/worker/overtaken.ts';
import type { Begun } from '../../../src/worker/standalone-connectors.ts';
import { FakeConnectors } from '../../rest/fake-connectors.ts';

const file = (name: string, config: ConnectorFile['config'], initialState?: ConnectorFile['initialState']): ConnectorFile => ({
  file: `${name}.json`,
  name,
  config,
  initialState,
});

type How = 'starts' | 'fails' | 'hangs';

/** Connectors that start as it is told, by name: at once where it is not. */
class Starting extends FakeConnectors {
  readonly restored: string[] = [];
  readonly how: Readonly<Record<string, How>>;
  /** Called when something that hangs is to end its wait. */
  readonly overtaken = new Map<string, (error: unknown) => void>();

  constructor(how: Readonly<Record<string, How>> = {}) {
    super();
    this.how = how;
  }

  async begin(name: string, config: KeptConnector['config'], target?: KeptConnector['target']): Promise<Begun> {
    await this.create(name, config, target);
    const { promise, reject, resolve } = Promise.withResolvers<void>();
    if (this.how[name] === 'hangs') this.overtaken.set(name, reject);
    else if (this.how[name] === 'fails') reject(new Error('no such table'));
    else resolve();
    promise.catch(() => undefined);
    return { started: promise };
  }

  restore(name: string, { config, target }: KeptConnector): Promise<Begun> {
    this.restored.push(name);
    return this.begin(name, config, target);
  }
}

const patienceMs = 30;

/** How it ends, once the worker is ready. */
async function started(kept: Record<string, KeptConnector>, files: readonly ConnectorFile[], worker = new Starting()) {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', write: (line) => lines.push(line) });
  const { signal: stopped } = new AbortController();
  const starting = startConnectors(worker, { kept: new Map(Object.entries(kept)), files, log, stopped, patienceMs });
  const said = (error: Error) => error.message;
  const outcome = await starting.ready.then(() => 'ready', said);
  const { failed } = starting;
  const later = () => Promise.race([failed.catch(said), wait(3 * patienceMs, 'runs')]);
  return { outcome, worker, lines: lines.map((line) => JSON.parse(line)), later };
}

test('what was kept runs again in the state that a user asked for', async () => {
  const { worker } = await started({ a: { config: { k: '1' }, target: 'PAUSED' } }, []);
  expect(worker.config('a')).toEqual({ k: '1' });
  expect(worker.status('a').connector.state).toBe('PAUSED');
});

test('a file replaces the kept config but not the state, unless it says one', async () => {
  const before = { config: { k: '1' }, target: 'STOPPED' as const };
  const { worker } = await started({ a: before, b: before }, [file('a', { k: '2' }), file('b', { k: '2' }, 'PAUSED')]);
  expect(['a', 'b'].map((name) => [worker.config(name), worker.status(name).connector.state])).toEqual([
    [{ k: '2' }, 'STOPPED'],
    [{ k: '2' }, 'PAUSED'],
  ]);
  expect(worker.restored).toEqual([]);
});

test('a kept connector that cannot be made is reported; the others start', async () => {
  const bad = { config: { 'tasks.max': 'x' }, target: 'STARTED' as const };
  const { outcome, worker, lines } = await started({ bad, good: { config: {}, target: 'STARTED' } }, []);
  expect(outcome).toBe('ready');
  expect(worker.names()).toEqual(['good']);
  expect(lines).toMatchObject([{ level: 50, connector: 'bad', msg: 'kept connector not started' }]);
});

test('a kept connector that fails to start is reported, and the worker runs', async () => {
  const kept = { config: {}, target: 'STARTED' } as const;
  const { outcome, lines, later } = await started({ a: kept }, [], new Starting({ a: 'fails' }));
  expect([outcome, await later()]).toEqual(['ready', 'runs']);
  expect(lines).toMatchObject([{ level: 50, connector: 'a', error: { message: 'no such table' } }]);
});

test('connectors that never answer hold nobody up, however many: neither other kept ones, nor those of files, nor the worker (I9)', async () => {
  const kept = { config: {}, target: 'STARTED' } as const;
  const names = Array.from({ length: 20 }, (_, index) => `k${index}`);
  const how = Object.fromEntries([...names, 'f'].map((name) => [name, 'hangs' as const]));
  const all = Object.fromEntries([...names, 'last'].map((name) => [name, kept]));
  const { outcome, worker, lines, later } = await started(all, [file('f', {}), file('g', {})], new Starting(how));
  expect(outcome).toBe('ready');
  expect(worker.names().toSorted()).toEqual([...names, 'last', 'f', 'g'].toSorted());
  expect(lines.filter(({ level }) => level === 40).map(({ connector }) => connector)).toContain('f');
  expect(lines).toHaveLength(21);
  expect(await later()).toBe('runs');
});

test('at most eight kept connectors start at the same time, as long as they answer', async () => {
  let most = 0;
  let now = 0;
  class Counting extends Starting {
    override async restore(...asked: Parameters<Starting['restore']>) {
      most = Math.max(most, ++now);
      await super.restore(...asked);
      return { started: wait(2).then(() => void now--) };
    }
  }
  const kept = { config: {}, target: 'STARTED' } as const;
  const names = Array.from({ length: 20 }, (_, index) => [`k${index}`, kept]);
  await started(Object.fromEntries(names), [], new Counting());
  expect(most).toBe(8);
});

test('a connector of a file that fails only after a while is an error all the same', async () => {
  const { outcome, worker, later } = await started({}, [file('a', {})], new Starting({ a: 'hangs' }));
  expect(outcome).toBe('ready');
  worker.overtaken.get('a')?.(new Error('no such table'));
  expect(await later()).toBe('Connector a (a.json) cannot be started: no such table');
});

test('one that somebody asks for something else while it starts has not failed', async () => {
  const kept = { config: {}, target: 'STARTED' } as const;
  const { worker, lines, later } = await started({ b: kept }, [file('a', {})], new Starting({ a: 'hangs', b: 'hangs' }));
  for (const name of ['a', 'b']) worker.overtaken.get(name)?.(new Overtaken(name));
  expect(await later()).toBe('runs');
  expect(lines.filter(({ level }) => level === 50)).toEqual([]);
});

test('a stop begins nothing any more', async () => {
  const kept = { config: {}, target: 'STARTED' } as const;
  const names = Array.from({ length: 9 }, (_, index) => `k${index}`);
  class Stopping extends Starting {
    readonly stopping = new AbortController();
    override restore(...asked: Parameters<Starting['restore']>) {
      this.stopping.abort();
      return super.restore(...asked);
    }
  }
  const worker = new Stopping();
  const log = createLog({ level: 'warn', write: () => undefined });
  const all = new Map(names.map((name) => [name, kept]));
  await startConnectors(worker, { kept: all, files: [file('f', {})], log, stopped: worker.stopping.signal, patienceMs }).ready;
  expect(worker.restored).toEqual(['k0']);
  expect(worker.names()).toEqual(['k0']);
});

test('a connector of a file that cannot be made is an error that names both', async () => {
  expect((await started({}, [file('a', { 'tasks.max': 'x' })])).outcome).toBe(
    'Connector a (a.json) cannot be started: Connector configuration is invalid',
  );
  const { outcome, worker } = await started({}, [file('a', {}), file('b', {})], new Starting({ a: 'fails' }));
  expect([outcome, worker.names()]).toEqual(['Connector a (a.json) cannot be started: no such table', ['a']]);
});
