import { beforeEach, describe, expect, test } from 'vitest';
import { refusal, restForTests } from './rest-in-memory.ts';

const rest = restForTests();
beforeEach(async () => {
  await rest.worker.create('a', { name: 'a', file: 'x' });
});
const { call } = rest;

test.each([
  ['POST', '/'],
  ['DELETE', '/connectors'],
  ['PUT', '/connectors/a'],
  ['GET', '/connectors/a/pause'],
  ['PUT', '/connectors/a/restart'],
  ['POST', '/connector-plugins'],
] as const)('%s %s is not allowed', async (method, url) => {
  const answer = await call(method, url, method === 'GET' ? undefined : '{');
  expect(answer).toMatchObject(refusal(405, 'HTTP 405 Method Not Allowed'));
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
      refusal(415, 'HTTP 415 Unsupported Media Type'),
    );
  },
);

test('a body without a type is refused where it would be read; a charset is fine', async () => {
  const bare = await rest.server.inject({ method: 'PUT', url: '/connectors/a/config', payload: '{}' });
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
    refusal(413, 'HTTP 413 Request Entity Too Large'),
  );
});

test('a deeply nested body is a 500, and the server lives on', async () => {
  expect((await call('POST', '/connectors', '['.repeat(200_000))).status).toBe(500);
  expect((await call('GET', '/connectors')).status).toBe(200);
});

describe('problem documents (RFC 9457)', () => {
  test('are given to those who ask for them', async () => {
    const accept = 'application/json, application/problem+json';
    expect(await rest.inject({ url: '/connectors/none', headers: { accept } })).toMatchObject({
      status: 404,
      headers: { 'content-type': expect.stringMatching(/^application\/problem\+json/) },
      body: JSON.stringify({ type: 'about:blank', title: 'Not Found', status: 404, detail: 'Connector none not found' }),
    });
  });

  test("others get Connect's error", async () => {
    expect(await rest.inject({ url: '/connectors/none' })).toMatchObject({
      body: JSON.stringify({ error_code: 404, message: 'Connector none not found' }),
    });
  });
});
