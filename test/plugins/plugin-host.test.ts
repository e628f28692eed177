import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PluginHost, type PluginHostOptions } from '../../src/plugins/host/plugin-host.ts';
import type { ModuleFailure } from '../../src/plugins/host/questions.ts';
import { acmeSource, PluginFolder } from './plugin-folder.ts';

const json = 'org.apache.kafka.connect.json.JsonConverter';
let folder: PluginFolder;
let acme: string;
beforeAll(() => {
  folder = new PluginFolder();
  acme = folder.write('acme/index.js', acmeSource);
  folder.write('acme/package.json', '{"type":"module"}');
});
afterAll(() => folder.remove());

let host: PluginHost;
let leftOut: ModuleFailure[];
/** For tests that leave it as it was: a thread takes a second to import everything. */
let shared: PluginHost | undefined;
afterEach(() => (host === shared ? undefined : host.close()));
afterAll(() => shared?.close());
const useShared = () => {
  if (shared === undefined) {
    start([acme]);
    shared = host;
  }
  host = shared;
};
const start = (modules: readonly string[], options: Partial<PluginHostOptions> = {}) => {
  leftOut = [];
  const properties = { 'key.converter': json, 'value.converter': json };
  host = new PluginHost({
    properties,
    mode: { mode: 'standalone' },
    modules,
    leftOut: (failure) => leftOut.push(failure),
    ...options,
  });
};
const validate = (url: string, more: Readonly<Record<string, string>> = {}) =>
  host.ask('validate', { config: { name: 'c', 'connector.class': 'com.acme.AcmeSourceConnector', url, ...more } });
const errors = async (url: string) =>
  (await validate(url)).report.configs.flatMap(({ value }) => (value?.errors.length ? [[value.name, value.errors]] : []));
const classes = async () => (await host.ask('plugins', {})).map((plugin) => plugin.class);

test("a plugin from elsewhere uses the worker's own sluice and rxjs, and is listed, described and validated", async () => {
  useShared();
  expect((await host.ask('plugins', {})).filter((plugin) => plugin.class.includes('acme'))).toEqual([
    { class: 'com.acme.AcmeSourceConnector', type: 'source', version: '2.1' },
  ]);
  for (const name of ['com.acme.AcmeSourceConnector', 'AcmeSourceConnector', 'AcmeSource', 'acme']) {
    expect((await host.ask('keys', { name, version: undefined }))[0]).toMatchObject({ name: 'url', required: true, group: 'Server' });
  }
  const { report, connector } = await validate('up');
  expect(report.errorCount).toBe(0);
  expect(report.groups.at(-1)).toBe('Server');
  expect(connector).toEqual({ kind: 'source', className: 'com.acme.AcmeSourceConnector', version: '2.1' });
});

test('what the hook of a plugin finds is an error of its key', async () => {
  useShared();
  expect(await errors('down')).toEqual([['url', ['Nobody answers at down.']]]);
});

test('what a plugin sends past its thread is not listened to (I9)', async () => {
  useShared();
  expect(await errors('posts')).toEqual([]);
});

test('a version that is not installed is refused', async () => {
  useShared();
  const { report } = await validate('up', { 'connector.plugin.version': '[3,)' });
  const why = 'Plugin com.acme.AcmeSourceConnector not found that matches the version range [3,), available versions: [2.1]';
  expect(report.configs.find(({ value }) => value?.name === 'connector.class')?.value?.errors).toEqual([why]);
  expect((await validate('up', { 'connector.plugin.version': '[2,3)' })).report.errorCount).toBe(0);
});

describe('a plugin that', () => {
  test.each(['blocks', 'waits'])('%s has its time; the next question goes to another thread', async (url) => {
    start([acme], { timeoutMs: 1_000 });
    await classes();
    await expect(validate(url)).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining('The plugin of connector c gave no answer within 1000 ms.'),
    });
    expect(await errors('up')).toEqual([]);
  });

  test('ends its thread is asked no more; others are answered', async () => {
    start([acme]);
    await classes();
    const [exits, up] = await Promise.allSettled([validate('exits'), validate('up')]);
    expect(exits).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('it ended with code 3') } });
    expect(up.status).toBe('fulfilled');
  });

  test('refuses offsets says why', async () => {
    useShared();
    const config = { name: 'c', 'connector.class': 'acme', url: 'up' };
    const change = { partition: { a: 1 }, offset: null };
    expect(await host.ask('offsets', { config, changes: [change] })).toBe(true);
    await expect(host.ask('offsets', { config, changes: [change, change] })).rejects.toMatchObject({
      status: 500,
      message: 'One at a time.',
    });
  });
});

describe('a module that', () => {
  const module = (name: string, content: string) => folder.write(`${name}.mjs`, content);

  test('cannot be imported, or exports no plugin, is left out with its error and stops nothing', async () => {
    const broken = module('broken', "throw new Error('no licence');");
    const empty = module('empty', 'export const x = 1;');
    start([broken, empty, '@acme/not-installed', acme]);
    expect(await classes()).toContain('com.acme.AcmeSourceConnector');
    const failures = await host.ask('failures', {});
    expect(failures).toEqual(leftOut);
    expect(failures.map(({ module, why }) => [module, why.replace(/ Cannot find .*/, ' …')])).toEqual([
      [broken, expect.stringContaining(`The plugin module ${broken} could not be imported: no licence.`)],
      [empty, expect.stringContaining('it exports no plugin')],
      ['@acme/not-installed', expect.stringContaining('The plugin module @acme/not-installed could not be imported: …')],
    ]);
  });

  test.each([
    ['blocks its thread', 'for (;;);', 'it blocked its thread'],
    ['ends its thread', 'process.exit(4);', 'it ended its thread: it ended with code 4'],
  ])('%s is left out, and the others are asked', async (name, content, why) => {
    const bad = module(name.replaceAll(' ', '-'), content);
    start([bad, acme], { timeoutMs: 1_500 });
    expect(await classes()).toContain('com.acme.AcmeSourceConnector');
    expect(leftOut).toEqual([{ module: bad, why: expect.stringContaining(why) }]);
  });
});

test('the thread ends when nobody asks, and starts again', async () => {
  start([acme], { idleMs: 20 });
  await classes();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await errors('up')).toEqual([]);
});

test.each(['blocks', 'exits'])('whoever is to be asked after one that %s is told when no further thread can be had', async (url) => {
  const properties: Record<string, unknown> = { 'key.converter': json, 'value.converter': json };
  start([acme], { properties, timeoutMs: 2_000 });
  await host.ask('plugins', {});
  const asked = Promise.allSettled([validate(url), validate('up'), validate('up')]);
  // What a thread is started with cannot be sent: `new Worker` throws, as it does when the system refuses a thread.
  properties['unsendable'] = () => undefined;
  const refused = { status: 'rejected', reason: { status: 500, message: expect.stringContaining('cannot be started or told') } };
  const [, ...others] = await asked;
  for (const other of others) expect(other).toMatchObject(refused);
  await expect(validate('up')).rejects.toMatchObject(refused.reason);
  delete properties['unsendable'];
  expect(await errors('down')).toEqual([['url', ['Nobody answers at down.']]]);
});
