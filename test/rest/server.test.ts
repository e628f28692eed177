import { beforeEach, describe, expect, test } from 'vitest';
import { refusal, restForTests } from './rest-in-memory.ts';

const rest = restForTests();
beforeEach(async () => {
  await rest.worker.create('a', { name: 'a', file: 'x' });
});
const { call } = rest;

describe('root and health', () => {
  test('the root says what Connect it is', async () => {
    expect(await call('GET', '/')).toMatchObject({ status: 200, body: { version: '4.3.1', commit: 'abc', kafka_cluster_id: 'cluster' } });
  });

  test('health follows the worker', async () => {
    expect(await call('GET', '/health/')).toMatchObject({
      status: 200,
      body: { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' },
    });
    rest.worker.ready = false;
    expect(await call('GET', '/health')).toMatchObject({ status: 503, body: { status: 'starting' } });
  });
});

describe('offsets', () => {
  test('are shown, changed and forgotten; whole numbers of 64 bits keep their value', async () => {
    const offsets = '{"offsets":[{"partition":{"file":"a"},"offset":{"position":9223372036854775807}}]}';
    expect((await call('PATCH', '/connectors/a/offsets', offsets)).body).toEqual({ message: 'altered' });
    expect((await rest.server.inject({ url: '/connectors/a/offsets' })).body).toBe(offsets);
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
      refusal(status, message),
    );
  });
});

describe('topics', () => {
  test('are told, and none of a connector that is not there', async () => {
    expect((await call('GET', '/connectors/a/topics')).body).toEqual({ a: { topics: ['orders'] } });
    expect((await call('GET', '/connectors/nope/topics')).body).toEqual({ nope: { topics: [] } });
    expect(await call('PUT', '/connectors/a/topics/reset')).toMatchObject({ status: 202, body: null });
    expect(rest.worker.calls).toEqual([{ resetTopics: 'a' }]);
  });

  test('are not where the worker does not track them, or keeps them', async () => {
    const start = async (topicTracking: { enabled?: boolean; resettable?: boolean }) => {
      await rest.start({ topicTracking }, rest.worker);
    };
    await start({ enabled: false });
    expect(await call('GET', '/connectors/a/topics')).toMatchObject(refusal(403, 'Topic tracking is disabled.'));
    await start({ resettable: false });
    expect(await call('PUT', '/connectors/a/topics/reset')).toMatchObject(refusal(403, 'Topic tracking reset is disabled.'));
  });
});

describe('loggers', () => {
  const level = (name: string) => `/admin/loggers/${name}`;

  test('a level that is set is shown, and reaches the loggers below', async () => {
    expect((await call('GET', '/admin/loggers')).body).toEqual({ root: { level: 'WARN', last_modified: null } });
    expect(await call('GET', level('a.b'))).toMatchObject(refusal(404, 'Logger a.b not found.'));
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
    expect(await call('PUT', level('a'), body)).toMatchObject(refusal(status, message));
  });
});
