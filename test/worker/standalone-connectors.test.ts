import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inStates, standalone, type TestWorker } from './standalone.ts';

let worker: TestWorker;
beforeEach(async () => {
  worker = await standalone();
});
afterEach(() => worker.close());

const at = (name: string): string => join(worker.folder, name);
const source = () => ({ 'connector.class': 'FileStreamSource', file: at('in.txt'), topic: 'lines' });
const sink = (tasks = 1) => ({ 'connector.class': 'FileStreamSink', file: at('out.txt'), topics: 'lines', 'tasks.max': String(tasks) });
const running = inStates('RUNNING', 'RUNNING');

async function written(text: string): Promise<void> {
  while (!existsSync(at('out.txt')) || readFileSync(at('out.txt'), 'utf8') !== text) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('carries a file through a topic into a file, by a connector each', async () => {
  writeFileSync(at('in.txt'), 'a\nb\n');
  expect(await worker.connectors.create('in', source())).toEqual({
    name: 'in',
    config: { ...source(), name: 'in' },
    tasks: [{ connector: 'in', task: 0 }],
    type: 'source',
  });
  await worker.connectors.create('out', sink());
  await written('a\nb\n');
  expect(await worker.until(running, 'in')).toEqual({
    name: 'in',
    connector: { state: 'RUNNING', workerId: '127.0.0.1:8083', version: '4.3.1' },
    tasks: [{ id: 0, state: 'RUNNING', workerId: '127.0.0.1:8083', version: '4.3.1' }],
    type: 'source',
  });
  appendFileSync(at('in.txt'), 'c\n');
  await written('a\nb\nc\n');
});

test('divides the partitions of a sink among its tasks; a failed or stopped one leaves its part to the others', async () => {
  const admin = await worker.driver.admin();
  await admin.createTopics([{ name: 'lines', partitions: 4 }]);
  const producer = await worker.driver.producer();
  const append = async (value: string) => {
    await producer.send(
      [0, 1, 2, 3].map((partition) => ({ topic: 'lines', partition, records: [{ key: null, value: `${value}${partition}` }] })),
    );
  };
  const linesOf = () => (existsSync(at('out.txt')) ? readFileSync(at('out.txt'), 'utf8').split('\n').filter(Boolean).sort() : []);
  const read = async (...expected: readonly string[]) => {
    while (linesOf().length < expected.length) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(linesOf()).toEqual(expected);
  };
  await append('a');
  await worker.connectors.create('out', sink(3));
  await worker.until(inStates('RUNNING', 'RUNNING', 'RUNNING', 'RUNNING'), 'out');
  await read('a0', 'a1', 'a2', 'a3');
  await append('b');
  await read('a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3');
  await worker.connectors.restartTask('out', 1);
  await append('c');
  await read('a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3', 'c0', 'c1', 'c2', 'c3');
  await worker.connectors.put('out', { ...sink(1), name: 'out' });
  await append('d');
  await read('a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3', 'c0', 'c1', 'c2', 'c3', 'd0', 'd1', 'd2', 'd3');
  await worker.connectors.stop('out');
  expect(await admin.groupOffsets('connect-out')).toEqual(new Map([0, 1, 2, 3].map((partition) => [`lines-${partition}`, 4])));
});
