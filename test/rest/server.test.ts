import type { FastifyInstance, InjectOptions } from 'fastify';
import { beforeEach, describe, expect, test } from 'vitest';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import { restServer } from '../../src/rest/server.ts';
import { FakeConnectors } from './fake-connectors.ts';
import { hostOfPlugins } from './plugin-host.ts';

const pluginHost = hostOfPlugins();
let worker: FakeConnectors;
let server: FastifyInstance;
const about = { version: '4.3.1', commit: 'abc', clusterId: 'cluster', pluginVersion: '1' };
beforeEach(async () => {
  worker = new FakeConnectors();
  server = await restServer({ connectors: worker, plugins: new PluginRegistry(), pluginHost, about, healthTimeoutMs: 0 });
  await worker.create('a', { name: 'a', file: 'x' });
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
const call = async (method: Method, url: string, body?: unknown, headers: Record<string, string> = {}) => {
  const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const options: InjectOptions = { method, url, ...payload, headers: { ...type, ...headers } };
  const answer = await server.inject(options);
  return { status: answer.statusCode, body: answer.body === '' ? null : JSON.parse(answer.body), headers: answer.headers };
};
const error = (status: number, message: string) => ({ status, body: { error_code: status, message } });
const info = (name: string, config: object) => ({ name, config, tasks: [{ connector: name, task: 0 }], type: 'source' });

describe('root and health', () => {
  test('the root says what Connect it is', async () => {
    expect(await call('GET', '/')).toMatchObject({ status: 200, body: { version: '4.3.1', commit: 'abc', kafka_cluster_id: 'cluster' } });
  });

  test('health follows the worker', async () => {
    expect(await call('GET', '/health/')).toMatchObject({
      status: 200,
      body: { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' },
    });
    worker.ready = false;
    expect(await call('GET', '/health')).toMatchObject({ status: 503, body: { status: 'starting' } });
  });
});

describe('creating and changing', () => {
  test('a created connector has its name in its config, and a Location', async () => {
    const answer = await call('POST', '/connectors', '{"name":" b+é c ","config":{"n":1.50,"e":1e3,"t":true,"z":-0.0}}');
    expect(answer).toMatchObject({ status: 201, body: info('b+é c', { n: '1.50', e: '1e3', t: 'true', z: '-0.0', name: 'b+é c' }) });
    expect(answer.headers.location).toBe('http://localhost:80/connectors/b+%C3%A9%20c');
    expect((await call('GET', '/connectors/b+%C3%A9%20c/config')).status).toBe(200);
  });

  test('the initial state is taken in any case', async () => {
    await call('POST', '/connectors', { name: 'p', config: {}, initial_state: 'paused' });
    expect((await call('GET', '/connectors/p/status')).body.connector.state).toBe('PAUSED');
  });

  test('of a key that is there twice the last value counts, and __proto__ is a key like others', async () => {
    const { body } = await call('PUT', '/connectors/b/config', '{"k":"1","k":"2","__proto__":"x"}');
    expect(Object.entries(body.config)).toEqual([
      ['k', '2'],
      ['__proto__', 'x'],
      ['name', 'b'],
    ]);
  });

  test.each([
    [
      'POST',
      '/connectors',
      { name: 'b', config: { name: 'c' } },
      400,
      "Connector name configuration (c) doesn't match connector name in the URL (b)",
    ],
    ['PUT', '/connectors/b/config', { name: 'c' }, 400, "Connector name configuration (c) doesn't match connector name in the URL (b)"],
    ['POST', '/connectors', { name: 'a', config: {} }, 409, 'Connector a already exists'],
    ['POST', '/connectors', '{bad', 500, expect.stringContaining('JSON')],
    ['POST', '/connectors', '{"name":"b","config":{}} x', 500, expect.stringContaining('JSON')],
    ['POST', '/connectors', '', 500, 'The body is missing: send a JSON object'],
    ['POST', '/connectors', 'null', 500, 'The request has to be an object: {"name": "…", "config": {…}}'],
    ['POST', '/connectors', [], 500, 'The request has to be an object: {"name": "…", "config": {…}}'],
    ['POST', '/connectors', '12', 500, 'The request has to be an object: {"name": "…", "config": {…}}'],
    ['POST', '/connectors', { name: 'b' }, 500, 'config is missing: {"name": "…", "config": {…}}'],
    [
      'POST',
      '/connectors',
      { name: 'b', config: {}, extra: 1 },
      500,
      'Unrecognized field "extra"; the known ones are name, config, initial_state',
    ],
    ['POST', '/connectors', { name: 'b', config: { a: { b: 1 } } }, 500, 'config.a has to be a string, but it is an object'],
    [
      'POST',
      '/connectors',
      { name: 'b', config: {}, initial_state: 7 },
      500,
      'initial_state has to be one of RUNNING, PAUSED, STOPPED, but it is 7',
    ],
    ['PUT', '/connectors/a/config', '[1]', 500, 'config has to be an object of strings'],
    ['PATCH', '/connectors/none/config', { a: 'b' }, 404, 'Connector none not found'],
  ] as const)('%s %s with %j is a %i', async (method, url, body, status, message) => {
    expect(await call(method, url, body)).toMatchObject(error(status, message));
  });

  test('PUT replaces, PATCH merges and removes', async () => {
    expect(await call('PUT', '/connectors/a/config', { file: 'y', k: 'v' })).toMatchObject({
      status: 200,
      body: info('a', { file: 'y', k: 'v', name: 'a' }),
    });
    expect((await call('PATCH', '/connectors/a/config', { k: null, n: 1 })).body.config).toEqual({ file: 'y', name: 'a', n: '1' });
  });

  test('DELETE answers with nothing', async () => {
    const answer = await call('DELETE', '/connectors/a');
    expect(answer).toMatchObject({ status: 204, body: null });
    expect(answer.headers['content-type']).toBeUndefined();
    expect(await call('DELETE', '/connectors/a')).toMatchObject(error(404, 'Connector a not found'));
  });
});

describe('reading', () => {
  test('the list gives names, or what is asked for', async () => {
    expect((await call('GET', '/connectors')).body).toEqual(['a']);
    expect((await call('GET', '/connectors?expand=info&expand=status')).body).toEqual({
      a: {
        info: info('a', { name: 'a', file: 'x' }),
        status: {
          name: 'a',
          connector: { state: 'RUNNING', worker_id: '127.0.0.1:8083', version: '1' },
          tasks: [{ id: 0, state: 'RUNNING', worker_id: '127.0.0.1:8083', version: '1' }],
          type: 'source',
        },
      },
    });
    expect((await call('GET', '/connectors?expand=status,info')).body).toEqual({ a: {} });
  });

  test('a connector that goes while the list is made is left out', async () => {
    worker.names = () => ['gone', 'a'];
    expect(Object.keys((await call('GET', '/connectors?expand=info')).body)).toEqual(['a']);
  });

  test('a failed task shows its trace', async () => {
    worker.fail('a', 'why');
    expect((await call('GET', '/connectors/a/tasks/0/status')).body).toEqual({
      id: 0,
      state: 'FAILED',
      worker_id: '127.0.0.1:8083',
      version: '1',
      trace: 'why',
    });
  });

  test('tasks have their configs', async () => {
    expect((await call('GET', '/connectors/a/tasks')).body).toEqual([
      { id: { connector: 'a', task: 0 }, config: { name: 'a', file: 'x', 'task.class': 'T' } },
    ]);
  });

  test.each([
    ['/connectors/none', 'Connector none not found'],
    ['/connectors/none/status', 'No status found for connector none'],
    ['/connectors/a/tasks/-1/status', 'No status found for task a--1'],
    ['/connectors/a/tasks/one/status', 'HTTP 404 Not Found'],
    ['/connectors/a/tasks/99999999999/status', 'HTTP 404 Not Found'],
    ['/connectors/a/tasks-config', 'HTTP 404 Not Found'],
    ['/nowhere', 'HTTP 404 Not Found'],
    ['/Connectors', 'HTTP 404 Not Found'],
  ])('%s is not found', async (url, message) => {
    expect(await call('GET', url)).toMatchObject(error(404, message));
  });

  test('plugins are the connectors, or all that has a Java class', async () => {
    const connectors = [
      { class: 'org.apache.kafka.connect.file.FileStreamSinkConnector', type: 'sink', version: '4.3.1' },
      { class: 'org.apache.kafka.connect.file.FileStreamSourceConnector', type: 'source', version: '4.3.1' },
    ];
    expect((await call('GET', '/connector-plugins')).body).toEqual(connectors);
    expect((await call('GET', '/connector-plugins?connectorsOnly=maybe')).body.length).toBeGreaterThan(40);
    const all: { type: string }[] = (await call('GET', '/connector-plugins?connectorsOnly=false')).body;
    const types = ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'];
    expect([...new Set(all.map(({ type }) => type))]).toEqual(types);
    expect(all.at(-1)).toEqual({ class: 'org.apache.kafka.connect.storage.StringConverter', type: 'header_converter', version: '4.3.1' });
  });

  test('the keys of a connector are its own, then those of all', async () => {
    const { body } = await call('GET', '/connector-plugins/FileStreamSink/config');
    expect(body[0]).toEqual({
      name: 'file',
      type: 'STRING',
      required: false,
      default_value: null,
      importance: 'HIGH',
      documentation: expect.stringContaining('File'),
      group: null,
      order_in_group: -1,
      width: 'NONE',
      display_name: 'file',
      dependents: [],
    });
    expect(body.map(({ name }: { name: string }) => name)).toHaveLength(25);
  });

  test('a plugin that is not there, or not in that version, has no keys', async () => {
    expect(await call('GET', '/connector-plugins/Nope/config')).toMatchObject(error(404, 'Unknown plugin Nope.'));
    const why = 'not found that matches the version range [,], available versions: [4.3.1]';
    expect(await call('GET', '/connector-plugins/FileStreamSink/config?version=')).toMatchObject(
      error(400, `Plugin org.apache.kafka.connect.file.FileStreamSinkConnector ${why}`),
    );
    const provider = 'org.apache.kafka.common.config.provider.FileConfigProvider';
    expect(await call('GET', `/connector-plugins/${provider}/config`)).toMatchObject({ status: 400 });
  });

  test('a config is validated for the plugin of the path', async () => {
    const sink = { name: 'x', 'connector.class': 'FileStreamSink', topics: 'a' };
    const answer = await call('PUT', '/connector-plugins/Sink/config/validate', { ...sink, 'tasks.max': 0 });
    expect(answer).toMatchObject({ status: 200, body: { name: 'FileStreamSink', error_count: 1 } });
    expect(await call('PUT', '/connector-plugins/FileStreamSource/config/validate', sink)).toMatchObject(
      error(400, 'Included connector type FileStreamSink does not match request type FileStreamSource'),
    );
    expect(await call('PUT', '/connector-plugins/Zap/config/validate', { ...sink, 'connector.class': 'Zap' })).toMatchObject({
      status: 500,
      body: { message: expect.stringContaining('Failed to find any class that implements Connector and which name matches Zap') },
    });
  });
});

describe('state', () => {
  test.each([
    ['PUT', '/connectors/a/pause', 202],
    ['PUT', '/connectors/a/resume', 202],
    ['PUT', '/connectors/a/stop', 204],
    ['POST', '/connectors/a/tasks/0/restart', 204],
    ['POST', '/connectors/a/restart', 204],
    ['POST', '/connectors/a/restart?includeTasks=maybe&onlyFailed=1', 204],
  ] as const)('%s %s is %i, with nothing in it', async (method, url, status) => {
    const answer = await call(method, url);
    expect(answer).toMatchObject({ status, body: null });
    expect(answer.headers['content-type']).toBeUndefined();
  });

  test('a restart with parameters answers with the status; the first of repeated values counts', async () => {
    expect(await call('POST', '/connectors/a/restart?includeTasks=TRUE&includeTasks=false', {})).toMatchObject({
      status: 202,
      body: { name: 'a' },
    });
    expect(worker.calls).toEqual([{ includeTasks: true, onlyFailed: false }]);
  });

  test('an unknown connector is told apart by who asks', async () => {
    expect(await call('PUT', '/connectors/none/pause')).toMatchObject(error(404, 'Unknown connector none'));
  });

  test('what workers of a cluster ask each other is refused', async () => {
    expect(await call('POST', '/connectors/a/tasks', [])).toMatchObject(
      error(500, 'Kafka Connect in standalone mode does not support externally setting task configurations.'),
    );
  });
});

describe('the protocol', () => {
  test.each([
    ['POST', '/'],
    ['DELETE', '/connectors'],
    ['PUT', '/connectors/a'],
    ['GET', '/connectors/a/pause'],
    ['PUT', '/connectors/a/restart'],
    ['POST', '/connector-plugins'],
  ] as const)('%s %s is not allowed', async (method, url) => {
    const answer = await call(method, url, method === 'GET' ? undefined : '{');
    expect(answer).toMatchObject(error(405, 'HTTP 405 Method Not Allowed'));
    expect(answer.headers.allow).toBeUndefined();
  });

  test('OPTIONS tells the methods, HEAD answers as GET without a body', async () => {
    const options = await call('OPTIONS', '/connectors');
    expect(options).toMatchObject({ status: 200, body: null });
    expect(options.headers.allow).toBe('GET, HEAD, OPTIONS, POST');
    expect(await call('HEAD', '/connectors')).toMatchObject({ status: 200, body: null });
    expect((await call('HEAD', '/connectors/none')).status).toBe(404);
  });

  test.each([
    ['text/html', 406],
    ['text/plain;q=0.9, application/json;q=0', 406],
    ['text/html, application/json;q=0.5', 200],
    ['*/*', 200],
  ])('Accept: %s is answered with %i', async (accept, status) => {
    expect((await call('GET', '/connectors', undefined, { accept })).status).toBe(status);
  });

  test.each(['text/plain', 'application/merge-patch+json', 'application/x-www-form-urlencoded'])(
    'a body of type %s is refused',
    async (type) => {
      expect(await call('PUT', '/connectors/a/config', '{}', { 'content-type': type })).toMatchObject(
        error(415, 'HTTP 415 Unsupported Media Type'),
      );
    },
  );

  test('a body without a type is refused where it would be read; a charset is fine', async () => {
    const bare = await server.inject({ method: 'PUT', url: '/connectors/a/config', payload: '{}' });
    expect(bare.statusCode).toBe(415);
    expect((await call('PUT', '/connectors/a/config', '{}', { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(200);
  });

  test.each(['//connectors', '/connectors//status', '/connectors/a%2Fb', '/connectors/a%25', '/connectors/a%5Cb', '/connectors/%zz'])(
    '%s could mean two things, and is refused',
    async (url) => {
      expect((await call('GET', url)).status).toBe(400);
    },
  );

  test('parameters of a path segment are cut off', async () => {
    expect(await call('GET', '/connectors/a;v=1/config;x?y=;z')).toMatchObject({ status: 200, body: { name: 'a', file: 'x' } });
  });

  test('a body that is too large is a 413', async () => {
    expect(await call('PUT', '/connectors/a/config', `{"a":"${'x'.repeat(17 * 1024 * 1024)}"}`)).toMatchObject(
      error(413, 'HTTP 413 Request Entity Too Large'),
    );
  });

  test('a deeply nested body is a 500, and the server lives on', async () => {
    expect((await call('POST', '/connectors', '['.repeat(200_000))).status).toBe(500);
    expect((await call('GET', '/connectors')).status).toBe(200);
  });
});

describe('offsets', () => {
  test('are shown, changed and forgotten; whole numbers of 64 bits keep their value', async () => {
    const offsets = '{"offsets":[{"partition":{"file":"a"},"offset":{"position":9223372036854775807}}]}';
    expect((await call('PATCH', '/connectors/a/offsets', offsets)).body).toEqual({ message: 'altered' });
    expect((await server.inject({ url: '/connectors/a/offsets' })).body).toBe(offsets);
    expect((await call('DELETE', '/connectors/a/offsets')).body).toEqual({ message: 'reset' });
    expect((await call('GET', '/connectors/a/offsets')).body).toEqual({ offsets: [] });
  });

  test.each([
    ['{}', 400, 'Partitions / offsets need to be provided for an alter offsets request'],
    ['{"offsets":null}', 400, 'Partitions / offsets need to be provided for an alter offsets request'],
    ['{"offsets":{}}', 500, 'offsets has to be an array: {"offsets": [{"partition": {…}, "offset": {…}}]}'],
    ['{"offsets":[],"x":1}', 500, 'Unrecognized field "x"; the known ones are offsets'],
    ['{"offsets":[null]}', 500, 'offsets[0] has to be an object'],
    ['{"offsets":[{"partition":"x"}]}', 500, 'offsets[0].partition has to be an object or null'],
    ['', 500, 'The body is missing: send a JSON object'],
  ])('%s is %i', async (body, status, message) => {
    expect(await call('PATCH', '/connectors/a/offsets', body, { 'content-type': 'application/json' })).toMatchObject(
      error(status, message),
    );
  });
});

describe('topics', () => {
  test('are told, and none of a connector that is not there', async () => {
    expect((await call('GET', '/connectors/a/topics')).body).toEqual({ a: { topics: ['orders'] } });
    expect((await call('GET', '/connectors/nope/topics')).body).toEqual({ nope: { topics: [] } });
    expect(await call('PUT', '/connectors/a/topics/reset')).toMatchObject({ status: 202, body: null });
    expect(worker.calls).toEqual([{ resetTopics: 'a' }]);
  });

  test('are not where the worker does not track them, or keeps them', async () => {
    const start = async (topicTracking: { enabled?: boolean; resettable?: boolean }) => {
      server = await restServer({ connectors: worker, plugins: new PluginRegistry(), pluginHost, about, topicTracking });
    };
    await start({ enabled: false });
    expect(await call('GET', '/connectors/a/topics')).toMatchObject(error(403, 'Topic tracking is disabled.'));
    await start({ resettable: false });
    expect(await call('PUT', '/connectors/a/topics/reset')).toMatchObject(error(403, 'Topic tracking reset is disabled.'));
  });
});

describe('loggers', () => {
  const level = (name: string) => `/admin/loggers/${name}`;

  test('a level that is set is shown, and reaches the loggers below', async () => {
    expect((await call('GET', '/admin/loggers')).body).toEqual({ root: { level: 'WARN', last_modified: null } });
    expect(await call('GET', level('a.b'))).toMatchObject(error(404, 'Logger a.b not found.'));
    expect((await call('PUT', level('a.b'), { level: 'debug' })).body).toEqual(['a.b']);
    expect((await call('PUT', level('a'), { level: ' INFO ' })).body).toEqual(['a', 'a.b']);
    expect((await call('PUT', level('a'), { level: 'INFO' })).body).toEqual([]);
    expect((await call('GET', level('a.b'))).body).toEqual({ level: 'INFO', last_modified: expect.any(Number) });
    expect((await call('PUT', level('ROOT'), { level: 'OFF' })).body).toEqual(['a', 'a.b', 'root']);
    expect(await call('PUT', `${level('a')}?scope=CLUSTER`, { level: 'ALL' })).toMatchObject({ status: 204, body: null });
    expect((await call('GET', level('a'))).body.level).toBe('ALL');
  });

  test.each([
    [{}, 400, "Desired 'level' parameter was not specified in request."],
    [{ level: null }, 400, "Desired 'level' parameter was not specified in request."],
    [{ level: 5 }, 404, "invalid log level '5'."],
    [{ level: 'LOUD' }, 404, "invalid log level 'LOUD'."],
    [{ level: '' }, 500, expect.stringContaining('The level is empty')],
    [[], 500, expect.any(String)],
  ])('%j is %i', async (body, status, message) => {
    expect(await call('PUT', level('a'), body)).toMatchObject(error(status, message));
  });
});
