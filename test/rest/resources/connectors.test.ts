import { beforeEach, describe, expect, test } from 'vitest';
import { refusal, restForTests } from '../rest-in-memory.ts';

const rest = restForTests();
beforeEach(async () => {
  await rest.worker.create('a', { name: 'a', file: 'x' });
});
const { call } = rest;
const info = (name: string, config: object) => ({ name, config, tasks: [{ connector: name, task: 0 }], type: 'source' });

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
    expect(await call(method, url, body)).toMatchObject(refusal(status, message));
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
    expect(await call('DELETE', '/connectors/a')).toMatchObject(refusal(404, 'Connector a not found'));
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
    rest.worker.names = () => ['gone', 'a'];
    expect(Object.keys((await call('GET', '/connectors?expand=info')).body)).toEqual(['a']);
  });

  test('a failed task shows its trace', async () => {
    rest.worker.fail('a', 'why');
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
    expect(await call('GET', url)).toMatchObject(refusal(404, message));
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
    expect(rest.worker.calls).toEqual([{ includeTasks: true, onlyFailed: false }]);
  });

  test('an unknown connector is told apart by who asks', async () => {
    expect(await call('PUT', '/connectors/none/pause')).toMatchObject(refusal(404, 'Unknown connector none'));
  });

  test('what workers of a cluster ask each other is refused', async () => {
    expect(await call('POST', '/connectors/a/tasks', [])).toMatchObject(
      refusal(500, 'Kafka Connect in standalone mode does not support externally setting task configurations.'),
    );
  });
});
