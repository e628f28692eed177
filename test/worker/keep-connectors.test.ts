import { expect, test } from 'vitest';
import { RestError } from '../../src/errors/rest-error.ts';
import type { KeptConnector } from '../../src/store/config-state.ts';
import { keepConnectors } from '../../src/worker/keep-connectors.ts';
import { FakeConnectors } from '../rest/fake-connectors.ts';

function kept(fake = new FakeConnectors()) {
  const connectors = new Map<string, KeptConnector>();
  const put = async (name: string, connector: KeptConnector) => void connectors.set(name, connector);
  const remove = async (name: string) => void connectors.delete(name);
  return { worker: keepConnectors(fake, { connectors, put, remove }), stored: () => Object.fromEntries(connectors) };
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

test('what a connector fails to start with is kept: it has that config now', async () => {
  const fake = new FakeConnectors();
  const { worker, stored } = kept(fake);
  const failing =
    <A extends readonly unknown[]>(change: (...args: A) => Promise<unknown>) =>
    async (...args: A) => {
      await change(...args);
      throw new RestError(500, 'it does not start');
    };
  fake.create = failing(fake.create.bind(fake));
  fake.put = failing(fake.put.bind(fake));
  await expect(worker.create('a', { k: '1' }, 'PAUSED')).rejects.toThrow('it does not start');
  expect(stored()).toEqual({ a: { config: { k: '1' }, target: 'PAUSED' } });
  await expect(worker.put('a', { k: '2' })).rejects.toThrow('it does not start');
  expect(stored()).toEqual({ a: { config: { k: '2' }, target: 'PAUSED' } });
});
