import { expect, test } from 'vitest';
import type { KeptConnector } from '../../src/store/config-state.ts';
import { keepConnectors } from '../../src/worker/keep-connectors.ts';
import { FakeConnectors } from '../rest/fake-connectors.ts';

function kept() {
  const connectors = new Map<string, KeptConnector>();
  const put = async (name: string, connector: KeptConnector) => void connectors.set(name, connector);
  const remove = async (name: string) => void connectors.delete(name);
  return { worker: keepConnectors(new FakeConnectors(), { connectors, put, remove }), stored: () => Object.fromEntries(connectors) };
}

test('what is created, changed and aimed at is stored', async () => {
  const { worker, stored } = kept();
  await worker.create('a', { k: '1' }, 'PAUSED');
  await worker.create('b', {});
  await worker.patch('a', { k: '2' });
  await worker.stop('b');
  expect(stored()).toEqual({ a: { config: { k: '2' }, target: 'PAUSED' }, b: { config: {}, target: 'STOPPED' } });
  await worker.put('b', { k: '3' });
  await worker.resume('a');
  expect(stored()).toEqual({ a: { config: { k: '2' }, target: 'STARTED' }, b: { config: { k: '3' }, target: 'STOPPED' } });
});

test('what is refused or removed is not kept', async () => {
  const { worker, stored } = kept();
  await expect(worker.create('a', { 'tasks.max': 'x' })).rejects.toThrow('Connector configuration is invalid');
  await worker.create('b', {});
  await worker.remove('b');
  expect(stored()).toEqual({});
});
