import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigReferences } from '../../src/config/config-references.ts';
import { connectorResolver } from '../../src/config/resolve-connector.ts';
import { defineConfigProvider } from '../../src/sdk/config-provider.ts';
import { Redaction } from '../../src/telemetry/redaction.ts';
import { inStates, plugin, standalone, type TestWorker } from './standalone.ts';

let folder: string;
let worker: TestWorker;
let redaction: Redaction;
/** What the provider says by now, and of whom it was asked. */
let values: Record<string, string>;
let asked: string[];
let away: boolean;

const vault = defineConfigProvider({
  name: 'vault',
  summary: 'Values of this test.',
  open: () => ({
    async get(path, keys) {
      asked.push(path);
      if (away) throw new Error('Vault is sealed.');
      return { data: Object.fromEntries(keys.map((key) => [key, values[key] ?? ''])), ttlMs: 20 };
    },
  }),
});

beforeEach(async () => {
  [asked, away] = [[], false];
  redaction = new Redaction();
  folder = mkdtempSync(join(tmpdir(), 'sluice-provided-'));
  const settings = {
    'config.providers': 'vault,file',
    'config.providers.vault.class': 'vault',
    'config.providers.file.class': 'FileConfigProvider',
    'config.providers.file.param.ttl.ms': '20',
  };
  const options = { environment: {}, warn: () => undefined, importProvider: async () => vault };
  const references = await ConfigReferences.of(settings, options);
  worker = await standalone({}, [plugin('bad-plugins')], connectorResolver({ originals: settings, references, provided: [] }, redaction));
  values = { in: at('in.txt') };
});
afterEach(async () => {
  await worker.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const source = (more: Readonly<Record<string, string>> = {}) => ({
  'connector.class': 'FileStreamSource',
  file: '${vault:secrets:in}',
  topic: 'lines',
  ...more,
});
const running = inStates('RUNNING', 'RUNNING');
const again = () => new Promise((resolve) => setTimeout(resolve, 5));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await again();
}

const readOn = (text: string) => until(() => existsSync(at('out.txt')) && readFileSync(at('out.txt'), 'utf8') === text);

async function carrying(): Promise<void> {
  writeFileSync(at('in.txt'), 'a\n');
  await worker.connectors.create('out', { 'connector.class': 'FileStreamSink', file: at('out.txt'), topics: 'lines' });
}

test('a running task reads the file that the provider names by now, whose name nobody tells', async () => {
  await carrying();
  await worker.connectors.create('in', source());
  await readOn('a\n');
  expect(redaction.of(`reads ${at('in.txt')}, not ${at('other.txt')}`)).toBe(`reads [hidden], not ${at('other.txt')}`);
  writeFileSync(at('other.txt'), 'b\n');
  values = { in: at('other.txt') };
  await readOn('a\nb\n');
  expect(redaction.of(`reads ${at('other.txt')}`)).toBe('reads [hidden]');
  expect(worker.connectors.config('in')).toEqual({ ...source(), name: 'in' });
});

test('values of a properties file are looked up anew where the file provider has a ttl.ms', async () => {
  await carrying();
  writeFileSync(at('names.properties'), `in=${at('in.txt')}\n`);
  await worker.connectors.create('in', source({ file: `\${file:${at('names.properties')}:in}` }));
  await readOn('a\n');
  writeFileSync(at('other.txt'), 'b\n');
  writeFileSync(at('names.properties'), `in=${at('other.txt')}\n`);
  await readOn('a\nb\n');
});

test('tasks go on where the values are the same', async () => {
  await worker.connectors.create('in', source());
  await worker.until(running, 'in');
  const started = () => worker.events.filter(({ kind, state }) => kind === 'task-state' && state === 'RUNNING').length;
  const restarted = () => worker.events.filter(({ kind, state }) => kind === 'connector-state' && state === 'RESTARTING').length;
  await until(() => restarted() >= 2);
  await worker.until(running, 'in');
  expect(started()).toBe(1);
});

test('a stopped connector stays stopped, and begins with what its references stand for by then', async () => {
  await carrying();
  await worker.connectors.create('in', source());
  await readOn('a\n');
  await worker.connectors.stop('in');
  writeFileSync(at('other.txt'), 'b\n');
  values = { in: at('other.txt') };
  const before = asked.length;
  await until(() => asked.length >= before + 2);
  expect(worker.connectors.status('in')).toMatchObject({ connector: { state: 'STOPPED' }, tasks: [] });
  await worker.connectors.resume('in');
  await readOn('a\nb\n');
});

test('nobody looks up what is deleted, or what has a config without a reload since', async () => {
  await worker.connectors.create('in', source());
  await worker.connectors.create('deleted', source({ file: '${vault:of-deleted:in}' }));
  await worker.connectors.create('changed', source({ file: '${vault:of-changed:in}' }));
  await worker.connectors.remove('deleted');
  await worker.connectors.put('changed', source({ file: '${vault:of-changed:in}', 'config.action.reload': 'none' }));
  const before = asked.length;
  await until(() => asked.slice(before).filter((path) => path === 'secrets').length >= 3);
  expect(new Set(asked.slice(before))).toEqual(new Set(['secrets']));
});

test('a connector goes on with what it has while its provider does not answer, and says so', async () => {
  await carrying();
  await worker.connectors.create('in', source());
  await readOn('a\n');
  away = true;
  await until(() => worker.log.some((line) => line.includes('Vault is sealed.') && line.includes('"connector":"in"')));
  appendFileSync(at('in.txt'), 'b\n');
  await readOn('a\nb\n');
  expect(running(worker.connectors.status('in'))).toBe(true);
});

test.each([
  ['of a task', () => worker.connectors.restartTask('in', 0)],
  ['of what has failed', () => worker.connectors.restart('in', { includeTasks: true, onlyFailed: true })],
])('a restart %s begins with other values, if there are', async (_what, restart) => {
  await carrying();
  await worker.connectors.create('in', source({ 'config.action.reload': 'none' }));
  await readOn('a\n');
  await restart();
  await worker.until(running, 'in');
  writeFileSync(at('other.txt'), 'b\n');
  values = { in: at('other.txt') };
  away = true;
  await restart();
  await worker.until(running, 'in');
  away = false;
  await restart();
  await readOn('a\nb\n');
  expect(running(worker.connectors.status('in'))).toBe(true);
});

test('a restart that somebody asks for looks values up, and fails with the provider', async () => {
  await carrying();
  await worker.connectors.create('in', source({ 'config.action.reload': 'none' }));
  await readOn('a\n');
  writeFileSync(at('other.txt'), 'b\n');
  values = { in: at('other.txt') };
  await worker.connectors.restart('in', { includeTasks: false, onlyFailed: false });
  await readOn('a\nb\n');
  away = true;
  await expect(worker.connectors.restart('in', { includeTasks: false, onlyFailed: false })).rejects.toThrow('Vault is sealed.');
  expect(worker.connectors.status('in').connector).toMatchObject({ state: 'FAILED', trace: expect.stringContaining('Vault is sealed.') });
});

describe('a restart by the policy begins with what the config refers to by then', () => {
  const config = {
    'connector.class': 'bad',
    at: '${vault:secrets:at}',
    'config.action.reload': 'none',
    'restart.policy': 'on-failure',
    'restart.attempts': '-1',
    'restart.backoff.ms': '10',
    'restart.backoff.max.ms': '20',
  };
  const failures = (kind: string) => worker.events.filter((event) => event.kind === kind && event.state === 'FAILED').length;

  test('a connector, also after its provider did not answer', async () => {
    values = { at: 'tasks' };
    await expect(worker.connectors.create('c', config)).rejects.toThrow('thrown in tasks');
    away = true;
    await until(() => worker.connectors.status('c').connector.trace?.includes('Vault is sealed.') ?? false);
    const before = failures('connector-state');
    await until(() => failures('connector-state') > before + 1);
    [away, values] = [false, { at: 'silent' }];
    await worker.until(running, 'c');
  });

  test('a task, which goes on with what it has while its provider does not answer', async () => {
    values = { at: 'open' };
    await worker.connectors.create('c', config);
    await worker.until(inStates('RUNNING', 'FAILED'), 'c');
    away = true;
    const before = failures('task-state');
    await until(() => failures('task-state') > before + 1);
    [away, values] = [false, { at: 'silent' }];
    // One that fails runs for a moment too.
    for (let count = 0; count < 20; count++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (!running(worker.connectors.status('c'))) count = 0;
    }
  });
});
