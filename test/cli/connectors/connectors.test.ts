import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Listening, listen } from '../../../src/rest/listen.ts';
import { parseListeners } from '../../../src/rest/listeners.ts';
import type { FakeConnectors } from '../../rest/fake-connectors.ts';
import { hostOfPlugins } from '../../rest/plugin-host.ts';
import { RestInMemory } from '../../rest/rest-in-memory.ts';

const pluginHost = hostOfPlugins();
const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
let listening: Listening;
let worker: FakeConnectors;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-connectors-'));
  listening = await listen(parseListeners(['http://127.0.0.1:0']));
});
afterAll(async () => {
  await listening.close(0);
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  const rest = await RestInMemory.open({ pluginHost });
  worker = rest.worker;
  listening.serve(rest.server.routing);
  await worker.create('two words', { name: 'two words', 'connector.class': 'FileStreamSource' });
});

/** Not synchronous: the worker answers in this process. */
async function sluice(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const url = args.includes('--url') ? [] : ['--url', `http://127.0.0.1:${listening.ports[0]}`];
  const child = spawn(process.execPath, ['--conditions=source', main, ...args, ...url]);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, ...output };
}

test('ls and status show tables, or JSON', async () => {
  expect((await sluice('ls')).stdout).toBe(
    'CONNECTOR  TYPE    STATE    TASKS      CLASS\ntwo words  source  RUNNING  1 running  FileStreamSource\n',
  );
  worker.fail('two words', 'Error: disk gone\n    at write\n');
  expect((await sluice('status', 'two words')).stdout).toBe(
    [
      'PART              STATE    WORKER',
      'source connector  RUNNING  127.0.0.1:8083',
      'task 0            FAILED   127.0.0.1:8083',
      '',
      'task 0: Error: disk gone\n    at write\n',
    ].join('\n'),
  );
  expect(JSON.parse((await sluice('status', 'two words', '--json')).stdout)).toMatchObject({ name: 'two words', type: 'source' });
});

test('states are changed, and a refusal is told in the words of the worker', async () => {
  expect(await sluice('pause', 'two words')).toEqual({ status: 0, stdout: '', stderr: 'Pausing two words.\n' });
  expect(worker.status('two words').connector.state).toBe('PAUSED');
  await sluice('restart', 'two words', '--include-tasks');
  await sluice('restart', 'two words', '--task', '0');
  expect(worker.calls).toEqual([
    { includeTasks: true, onlyFailed: false },
    { name: 'two words', task: 0 },
  ]);
  expect(await sluice('delete', 'two words')).toMatchObject({ status: 0 });
  expect(await sluice('delete', 'two words')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'sluice: There is no connector two words. See what is there: sluice ls [CLI_CONNECTOR_UNKNOWN]\n',
  });
});

test.each([
  ['status', 'two word'],
  ['pause', 'two word'],
  ['resume', 'two word'],
  ['stop', 'two word'],
  ['restart', 'two word', '--task', '0'],
  ['delete', 'two word'],
  ['config', 'two word'],
  ['config', 'two word', '--set', 'a=b'],
])('%s of a name that there is not tells near ones', async (...args) => {
  expect(await sluice(...args)).toEqual({
    status: 1,
    stdout: '',
    stderr: 'sluice: There is no connector two word. Near names: two words. See what is there: sluice ls [CLI_CONNECTOR_UNKNOWN]\n',
  });
});

test('a config is shown, changed, and made from a file', async () => {
  const file = join(folder, 'new.properties');
  writeFileSync(file, 'name=new\nconnector.class=FileStreamSource\nbatch.size=7\n');
  const created = await sluice('config', 'new', '--file', file, '--json');
  expect(JSON.parse(created.stdout)).toEqual({ name: 'new', 'connector.class': 'FileStreamSource', 'batch.size': '7' });
  expect((await sluice('config', 'new', '--set', 'topic=t', '--unset', 'batch.size')).stdout).toBe(
    'KEY              VALUE\nname             new\nconnector.class  FileStreamSource\ntopic            t\n',
  );
  expect(await sluice('config', 'new', '--file', file, '--set', 'a=b')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Give one or the other.'),
  });
});

test('a file with initial_state makes the connector in that state; a connector that is there already keeps its own, and that is told', async () => {
  const file = join(folder, 'new.json');
  const config = { 'connector.class': 'FileStreamSource', topic: 't' };
  writeFileSync(file, JSON.stringify({ name: 'new', config, initial_state: 'STOPPED' }));
  expect(await sluice('config', 'new', '--file', file, '--json')).toEqual({
    status: 0,
    stdout: '{"connector.class":"FileStreamSource","topic":"t","name":"new"}\n',
    stderr: '',
  });
  expect(worker.status('new').connector.state).toBe('STOPPED');

  await worker.resume('new');
  writeFileSync(file, JSON.stringify({ name: 'new', config: { ...config, topic: 'u' }, initial_state: 'STOPPED' }));
  expect(await sluice('config', 'new', '--file', file, '--json')).toEqual({
    status: 0,
    stdout: '{"connector.class":"FileStreamSource","topic":"u","name":"new"}\n',
    stderr:
      'new was there already: initial_state=STOPPED is for new connectors, so its state is left alone. To change it: sluice stop new\n',
  });
  expect(worker.status('new').connector.state).toBe('RUNNING');

  writeFileSync(file, JSON.stringify({ name: 'bad', config: { ...config, 'tasks.max': 'x' }, initial_state: 'PAUSED' }));
  expect(await sluice('config', 'bad', '--file', file)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'sluice: Connector configuration is invalid (HTTP 400) [CLI_WORKER_REFUSED]\n',
  });
});

test('where nothing listens the user is told how to start a worker', async () => {
  const closed = await listen(parseListeners(['http://127.0.0.1:0']));
  const url = `http://127.0.0.1:${closed.ports[0]}`;
  await closed.close();
  expect(await sluice('ls', '--url', url)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(
      `Nothing listens at ${url}. Start a worker there (sluice standalone), or name the one you mean with --url.`,
    ),
  });
});

test('what is no Connect worker is told', async () => {
  listening.serve((_request, response) => response.end('<html>'));
  expect(await sluice('ls')).toMatchObject({ status: 1, stderr: expect.stringContaining('what answers there is no Connect worker') });
});
