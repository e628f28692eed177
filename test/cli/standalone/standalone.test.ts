import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SluiceFolder, until } from '../sluice-process.ts';

let folder: SluiceFolder;
beforeEach(() => {
  folder = new SluiceFolder();
});
afterEach(() => folder.remove());

const write = (name: string, content: string): string => folder.write(name, content);
const workerFile = (more = '') => write('worker.properties', `listeners=http://127.0.0.1:0\noffset.flush.interval.ms=50\n${more}`);
const strings =
  'key.converter=org.apache.kafka.connect.storage.StringConverter\nvalue.converter=org.apache.kafka.connect.storage.StringConverter\n';
const source = (name = 'in') =>
  write(`${name}.properties`, `name=${name}\nconnector.class=FileStreamSource\nfile=in.txt\ntopic=lines\n${strings}`);
const sink = () =>
  write('out.json', JSON.stringify({ name: 'out', config: { 'connector.class': 'FileStreamSink', file: 'out.txt', topics: 'lines' } }));
const failing = async (...args: string[]) => {
  const sluice = folder.run(['standalone', ...args]);
  return { status: await sluice.ended, stderr: sluice.stderr };
};

test('a file is copied; connectors are changed from the command line, and kept over a stop by SIGTERM', async () => {
  write('in.txt', 'one\ntwo\n');
  const worker = folder.run(['standalone', workerFile(strings), source(), sink()]);
  const url = await worker.url();
  const ask = async (...args: string[]) => {
    const sluice = folder.run([...args, '--url', url]);
    return { status: await sluice.ended, stdout: sluice.stdout, stderr: sluice.stderr };
  };
  const copied = () => (existsSync(join(folder.path, 'out.txt')) ? readFileSync(join(folder.path, 'out.txt'), 'utf8') : '');
  await until(() => copied() === 'one\ntwo\n');

  expect((await ask('pause', 'in')).status).toBe(0);
  await until(async () => (await ask('status', 'in')).stdout.includes('PAUSED'));
  expect((await ask('resume', 'in')).status).toBe(0);
  appendFileSync(join(folder.path, 'in.txt'), 'three\n');
  await until(() => copied() === 'one\ntwo\nthree\n');

  expect((await ask('pause', 'in')).status).toBe(0);
  expect((await ask('delete', 'out')).status).toBe(0);
  expect((await ask('ls', '--json')).stdout).toMatch(/^{"connector":"in","type":"source","state":"PAUSED"/);

  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(143);
  expect(worker.stderr).not.toContain('"level":50');

  const again = folder.run(['standalone', workerFile(strings)]);
  const names = await (await fetch(`${await again.url()}/connectors?expand=status`)).json();
  expect(names).toMatchObject({ in: { status: { connector: { state: 'PAUSED' } } } });
  expect(Object.keys(names as object)).toEqual(['in']);
  again.child.kill('SIGINT');
  expect(await again.ended).toBe(130);
});

test("Connect's console source and sink carry standard input to standard output, while there is some", async () => {
  const from = write('from.properties', 'name=from\nconnector.class=FileStreamSource\ntopic=console\n');
  const to = write('to.properties', 'name=to\nconnector.class=FileStreamSink\ntopics=console\n');
  const worker = folder.run(['standalone', workerFile(strings), from, to]);
  worker.child.stdin?.write('one\ntw');
  await until(() => worker.stdout.includes('one\n'));
  worker.child.stdin?.write('o\n');
  await until(() => worker.stdout.includes('two\n'));
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(143);
});

test('settings come from the environment too', async () => {
  const worker = folder.run(['standalone'], { CONNECT_LISTENERS: 'http://127.0.0.1:0', CONNECT_REST_ADVERTISED_HOST_NAME: 'me' });
  expect((await fetch(await worker.url())).status).toBe(200);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(143);
});

test('a stop waits for a request under way, and a second signal ends it at once', async () => {
  const worker = folder.run(['standalone', workerFile('task.shutdown.graceful.timeout.ms=600000\n')]);
  const { hostname, port } = new URL(await worker.url());
  const client = connect(Number(port), hostname);
  client.on('error', () => {});
  client.write(
    'POST /connectors HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n{',
  );
  // The worker answers when it has seen the head of the request.
  await new Promise((resolve) => client.once('data', resolve));
  worker.child.kill('SIGTERM');
  await until(() => worker.stderr.includes('SIGTERM: stopping; once more ends at once'));
  expect(worker.child.exitCode).toBe(null);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(143);
  client.destroy();
});

test('a connector that cannot be started ends the worker with 3, as Connect', async () => {
  const bad = write('bad.properties', `name=bad\nconnector.class=FileStreamSource\ntopic=t\ntasks.max=dog\n${strings}`);
  const { status, stderr } = await failing(workerFile(), bad);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^sluice: Connector bad \(.*bad\.properties\) cannot be started: /);
  expect(stderr).toContain('Invalid value dog for configuration tasks.max: Not a number of type INT');
});

test('a kept connector that never answers does not keep a worker from its start: others run, it can be deleted, a stop stops', async () => {
  write(
    'plugin.mjs',
    `import { NEVER, of } from 'rxjs';
     import { config, defineSource } from 'sluice/sdk';
     export default defineSource({
       name: 'hangs', summary: 'Hangs.', config: config({}),
       tasks: () => (process.env.HANGS ? NEVER : of([{}])),
       open: () => NEVER,
     });`,
  );
  write('in.txt', 'one\n');
  const args = ['standalone', workerFile(`${strings}plugin.path=plugin.mjs\n`)];
  const connector = (url: string, path = '') => `${url}/connectors/hangs${path}`;
  const before = folder.run(args);
  const request = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"connector.class":"hangs"}' };
  expect((await fetch(connector(await before.url(), '/config'), request)).status).toBe(201);
  before.child.kill('SIGTERM');
  await before.ended;

  const worker = folder.run([...args, source()], { HANGS: 'yes' });
  const url = await worker.url();
  expect(await (await fetch(connector(url, '/status'))).json()).toMatchObject({
    connector: { state: 'UNASSIGNED' },
    tasks: [],
    type: 'source',
  });
  expect(await (await fetch(`${url}/connectors/in/status`)).json()).toMatchObject({ connector: { state: 'RUNNING' } });
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(connector(url), { method: 'DELETE' })).status).toBe(204);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(143);
  expect(worker.stderr).not.toContain('"level":50');
}, 60_000);

test('a stop does not wait for a connector of a file that never answers', async () => {
  write(
    'plugin.mjs',
    `import { NEVER } from 'rxjs';
     import { config, defineSource } from 'sluice/sdk';
     export default defineSource({ name: 'hangs', summary: 'Hangs.', config: config({}), tasks: () => NEVER, open: () => NEVER });`,
  );
  const file = write('hangs.properties', 'name=hangs\nconnector.class=hangs\n');
  const worker = folder.run(['standalone', workerFile(`${strings}plugin.path=plugin.mjs\n`), file]);
  await until(() => worker.stderr.includes('connector created'));
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(143);
}, 60_000);

test('bad files and settings are told before anything is opened', async () => {
  const missing = await failing(join(folder.path, 'none.properties'));
  expect(missing.status).toBe(1);
  expect(missing.stderr).toMatch(/^sluice: The worker configuration .*none\.properties cannot be read: there is no such file\./);

  const twice = await failing(workerFile(), source('same'), write('b.properties', `name=same\n${strings}`));
  expect(twice.status).toBe(1);
  expect(twice.stderr).toMatch(/^sluice: Two connector files have name=same: /);

  const noListener = await failing('--set', 'listeners=http://127.0.0.1:0', '--set', 'rest.advertised.listener=https');
  expect(noListener.status).toBe(1);
  expect(noListener.stderr).toMatch(/^sluice: rest\.advertised\.listener is https, but listeners has no listener of that protocol\./);

  const invalid = await failing('--set', 'task.threads=none');
  expect(invalid.status).toBe(1);
  expect(invalid.stderr).toContain('at task.threads: Invalid value none for configuration task.threads: Not a number of type INT');
  expect(existsSync(join(folder.path, '.sluice'))).toBe(false);
});

test.each([
  ['properties', 'connector.class=FileStreamSource\nfile=in.txt\ntopic=lines\n'],
  ['JSON', '{"connector.class":"FileStreamSource","file":"in.txt","topic":"lines"}'],
  ['the JSON of a request', '{"config":{"connector.class":"FileStreamSource"}}'],
])('a connector in %s that lacks its name is no worker: the name is asked for', async (_form, content) => {
  const sluice = folder.run(['standalone', write('connector', content), '--set', 'listeners=http://127.0.0.1:0']);
  await until(() => sluice.stderr.includes('\n') || sluice.child.exitCode !== null);
  expect(sluice.stderr).toMatch(/^sluice: The connector file .*connector has no name\. Add the key name\. \[SETTINGS_CONNECTOR_NAME\]\n$/);
  expect(await sluice.ended).toBe(1);
});

test.each([
  ['standalone', 'key', {}],
  ['distributed', 'value', { 'config.storage.topic': 'c', 'offset.storage.topic': 'o', 'status.storage.topic': 's', 'group.id': 'g' }],
] as const)(
  'a %s worker whose %s converter cannot be found is told before it waits for brokers, as by Connect',
  async (mode, role, more) => {
    const name = 'org.acme.AvroConverter';
    const settings = {
      listeners: 'http://127.0.0.1:0',
      'bootstrap.servers': '127.0.0.1:1',
      'offset.storage.file.filename': 'o',
      'key.converter': 'String',
      'value.converter': 'String',
      ...more,
      [`${role}.converter`]: name,
    };
    const sluice = folder.run([mode, ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])]);
    expect(await sluice.ended).toBe(1);
    expect(sluice.stderr).toContain(
      `sluice: Invalid value ${name} for configuration ${role}.converter: Class ${name} could not be found. Use a converter that \`sluice plugins\` shows`,
    );
  },
);

test('a port in use, and brokers that cannot be reached, are told with the key', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const text = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const taken = await failing('--set', `listeners=${text}`);
  other.close();
  expect(taken.status).toBe(1);
  expect(taken.stderr).toContain(`${text} in listeners is in use by another process.`);

  const brokers = {
    'bootstrap.servers': '127.0.0.1:1',
    'key.converter': 'String',
    'value.converter': 'String',
    'offset.storage.file.filename': 'o',
    'retry.backoff.ms': '1',
    'retry.backoff.max.ms': '1',
    'default.api.timeout.ms': '1',
  };
  const sets = Object.entries(brokers).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const unreachable = await failing('--set', 'listeners=http://127.0.0.1:0', ...sets);
  expect(unreachable.status).toBe(1);
  expect(unreachable.stderr).toContain('Connecting to broker 127.0.0.1:1 failed: ');
});

test('brokers that are not there yet are waited for, and a stop ends that at once', async () => {
  const settings = { 'bootstrap.servers': '127.0.0.1:1', 'offset.storage.file.filename': 'o', 'retry.backoff.max.ms': '1' };
  const sets = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const worker = folder.run(['standalone', workerFile(strings), ...sets]);
  await until(() => worker.stderr.includes('no broker can be reached yet; it is tried again'));
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(143);
  expect(worker.stderr).not.toContain('sluice:');
});

test('a second worker on the same data folder is told who has it', async () => {
  const first = folder.run(['standalone', workerFile()]);
  await first.url();
  const second = await failing(workerFile());
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(`is in use by process ${first.child.pid}`);
});
