import { afterEach, expect, test } from 'vitest';
import type { RawConfig } from '../../src/sdk/config.ts';
import { plugin, standalone, type TestWorker } from './standalone.ts';

let worker: TestWorker;
afterEach(() => worker.close());

/** A sink that never settles the one record of its topic. */
async function silentSink(properties: RawConfig, more: RawConfig): Promise<void> {
  worker = await standalone(properties, [plugin('bad-plugins')]);
  await (await worker.driver.admin()).createTopics([{ name: 'in' }]);
  const producer = await worker.driver.producer();
  await producer.send([{ topic: 'in', partition: 0, records: [{ key: null, value: 'x' }] }]);
  await worker.connectors.create('stuck', { name: 'stuck', 'connector.class': 'bad-sink', at: 'silent', topics: 'in', ...more });
}

test.each([
  ['the connector', { 'task.watchdog.ms': '0' }, { 'task.watchdog.ms': '100' }],
  ['the worker', { 'task.watchdog.ms': '100' }, {}],
])('a record that does not settle within task.watchdog.ms of %s fails the task', async (_whose, properties, more) => {
  await silentSink(properties, more);
  const { tasks } = await worker.until((status) => status.tasks[0]?.state === 'FAILED', 'stuck');
  expect(tasks[0]?.trace).toMatch(/has not settled for \d+ ms; sink was the last to take it.*raise task\.watchdog\.ms of the connector/);
});
