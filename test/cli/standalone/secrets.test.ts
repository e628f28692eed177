import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SluiceFolder, until } from '../sluice-process.ts';

const secrets = {
  provided: 'S3CRET-from-a-file',
  override: 'S3CRET-of-a-client',
  worker: 'S3CRET-of-the-worker',
  password: 'S3CRET-of-ada',
  guessed: 'S3CRET-that-is-wrong',
} as const;

let folder: SluiceFolder;
beforeAll(() => {
  folder = new SluiceFolder();
});
afterAll(() => folder.remove());

/** All that a worker says about itself while it is used well and badly: log lines, answers, events. */
async function everythingSaid(): Promise<string> {
  const line = folder.run(['password', 'ada']);
  line.child.stdin?.end(`${secrets.password}\n`);
  await line.ended;
  folder.write('users', line.stdout);
  folder.write('secret.properties', `file=${secrets.provided}\n`);
  mkdirSync(join(folder.path, secrets.provided));
  const worker = folder.write(
    'worker.properties',
    [
      'listeners=http://127.0.0.1:0',
      'rest.extension.classes=basic-auth',
      'basic.auth.users.file=users',
      'config.providers=file',
      'config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider',
      `ssl.key.password=${secrets.worker}`,
      `producer.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="${secrets.worker}";`,
    ].join('\n'),
  );
  const sluice = folder.run(['standalone', worker, '--log-level', 'trace']);
  const url = await sluice.url();
  const said: string[] = [];
  const call = async (method: string, path: string, body?: object, password: string = secrets.password) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    said.push(text);
    return text;
  };
  await call('GET', '/', undefined, secrets.guessed);
  const authorization = `Basic ${Buffer.from(`ada:${secrets.password}`).toString('base64')}`;
  const events = await fetch(`${url}/events`, { headers: { authorization } });
  const told = events.text();
  const config = {
    'connector.class': 'FileStreamSource',
    topic: 't',
    'tasks.max': '1',
    // A folder instead of a file: the task fails, and says what with.
    file: '${file:secret.properties:file}',
    'producer.override.sasl.jaas.config': `x required password="${secrets.override}";`,
  };
  await call('POST', '/connectors', { name: 'a', config });
  await until(async () => (await call('GET', '/connectors/a/status')).includes('"FAILED"'));
  for (const path of [
    '/connectors/a/tasks',
    '/connectors/a/tasks/0/status',
    '/connectors?expand=status',
    '/connectors/a/graph',
    '/openapi.json',
  ]) {
    await call('GET', path);
  }
  await call('POST', '/connectors/a/restart?includeTasks=true&onlyFailed=true');
  await call('PUT', '/connector-plugins/FileStreamSource/config/validate', { ...config, name: 'a', 'batch.size': config.file });
  await call('POST', '/connectors', { name: 'b', config: { ...config, 'tasks.max': 'many' } });
  await call('POST', '/connectors', { name: 'c', config: { ...config, 'value.converter': 'none' } });
  sluice.child.kill('SIGTERM');
  await sluice.ended;
  return [...said, await told, sluice.stdout, sluice.stderr].join('\n');
}

test('no secret is in any log line, status, error or answer but the config itself (I10)', async () => {
  const said = await everythingSaid();
  // What is looked for would be found: the worker did talk of this connector.
  expect(said).toContain('"connector":"a"');
  expect(said).toContain('event: task-state');
  for (const [name, secret] of Object.entries(secrets)) {
    // What Connect answers to a create, and to GET of a config, holds the config as it was given.
    const elsewhere = name === 'override' ? said.replaceAll(/"config":\{.*?"name":"[abc]"/g, '') : said;
    expect(
      elsewhere.split('\n').filter((line) => line.includes(secret)),
      name,
    ).toEqual([]);
  }
});
