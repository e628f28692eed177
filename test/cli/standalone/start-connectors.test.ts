import { expect, test } from 'vitest';
import { startConnectors } from '../../../src/cli/standalone/start-connectors.ts';
import type { ConnectorFile } from '../../../src/config/connector-file.ts';
import type { KeptConnector } from '../../../src/store/config-state.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { FakeConnectors } from '../../rest/fake-connectors.ts';

const file = (name: string, config: ConnectorFile['config'], initialState?: ConnectorFile['initialState']): ConnectorFile => ({
  file: `${name}.json`,
  name,
  config,
  initialState,
});

class Restoring extends FakeConnectors {
  readonly restored: string[] = [];

  restore(name: string, { config, target }: KeptConnector) {
    this.restored.push(name);
    return this.create(name, config, target);
  }
}

async function started(kept: Record<string, KeptConnector>, files: readonly ConnectorFile[], worker = new Restoring()) {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', write: (line) => lines.push(line) });
  const outcome = await startConnectors(worker, { kept: new Map(Object.entries(kept)), files, log }).then(
    () => 'started',
    (error: Error) => error.message,
  );
  return { outcome, worker, lines };
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
  expect(outcome).toBe('started');
  expect(worker.names()).toEqual(['good']);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 50, connector: 'bad', msg: 'kept connector not started' }]);
});

test('a kept connector does not wait for one that takes long to start', async () => {
  const second = Promise.withResolvers<void>();
  class Slow extends Restoring {
    override async create(...[name, ...rest]: Parameters<FakeConnectors['create']>) {
      if (name === 'first') await second.promise;
      else second.resolve();
      return super.create(name, ...rest);
    }
  }
  const kept = { config: {}, target: 'STARTED' } as const;
  const { outcome, worker } = await started({ first: kept, second: kept }, [], new Slow());
  expect(outcome).toBe('started');
  expect(worker.names()).toEqual(['second', 'first']);
});

test('a connector of a file that cannot be made is an error that names both', async () => {
  expect((await started({}, [file('a', { 'tasks.max': 'x' })])).outcome).toBe(
    'Connector a (a.json) cannot be started: Connector configuration is invalid',
  );
});
