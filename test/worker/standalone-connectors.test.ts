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
    connector: { state: 'RUNNING', workerId: '127.0.0.1:8083', version: null },
    tasks: [{ id: 0, state: 'RUNNING', workerId: '127.0.0.1:8083', version: null }],
    type: 'source',
  });
  appendFileSync(at('in.txt'), 'c\n');
  await written('a\nb\nc\n');
});
