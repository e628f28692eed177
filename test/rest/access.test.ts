import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access } from '../../src/rest/access.ts';
import { basicAuth } from '../../src/rest/extensions/basic-auth.ts';
import { bearerTokens } from '../../src/rest/extensions/bearer-tokens.ts';
import { FailedLogins } from '../../src/rest/extensions/failed-logins.ts';
import { loadExtensions } from '../../src/rest/extensions/load-extensions.ts';
import { hashPassword, isPassword } from '../../src/rest/extensions/secret-hash.ts';
import { parseHeaderRules } from '../../src/rest/response-headers.ts';
import { hostOfPlugins } from './plugin-host.ts';
import { RestInMemory } from './rest-in-memory.ts';

const pluginHost = hostOfPlugins();
let folder: string;
let users: string;
let tokens: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-access-'));
  users = join(folder, 'users');
  tokens = join(folder, 'tokens');
  writeFileSync(users, `# who\n\nada:${await hashPassword('pass:word')}\n`);
  const hash = (token: string) => createHash('sha256').update(token).digest('hex');
  writeFileSync(tokens, `ops:admin:${hash('t-admin')}\nwall:read-only:${hash('t-read')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function server(access: Access) {
  const rest = await RestInMemory.open({ pluginHost, access });
  return (request: InjectOptions) => rest.inject(request);
}
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const withBasic = () => server({ extensions: [{ definition: basicAuth as never, config: { 'basic.auth.users.file': users } }] });
const withTokens = () => server({ extensions: [{ definition: bearerTokens as never, config: { 'bearer.tokens.file': tokens } }] });

describe('basic-auth', () => {
  test('lets in who knows a password, every time', async () => {
    const call = await withBasic();
    for (const _ of [1, 2])
      expect(await call({ url: '/connectors', headers: basic('ada:pass:word') })).toMatchObject({ status: 200, body: '[]' });
  });

  test.each([
    ['no credentials', {}],
    ['a wrong password', basic('ada:no')],
    ['an unknown user', basic('bob:pass:word')],
    ['another scheme', { authorization: 'Bearer x' }],
    ['no user', basic('')],
  ])('refuses %s as Connect does', async (_name, headers) => {
    const call = await withBasic();
    expect(await call({ url: '/connectors', headers })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': ['Basic realm="sluice"'] },
      body: 'User cannot access the resource.',
    });
  });

  test('protects what is not there too', async () => {
    const call = await withBasic();
    expect(await call({ url: '/nowhere' })).toMatchObject({ status: 401 });
  });

  test('an address that fails ten times waits, also with the right password', async () => {
    const call = await withBasic();
    for (let i = 0; i < 10; i++) await call({ url: '/', headers: basic('ada:no') });
    const refused = await call({ url: '/', headers: basic('ada:pass:word') });
    expect(refused).toMatchObject({ status: 429, body: 'Too many log-ins failed. Try again later.' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
  });

  test('guesses that come at once are counted as well', async () => {
    const call = await withBasic();
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => call({ url: '/', headers: basic(`ada:${i}`) })));
    expect(Object.groupBy(answers, ({ status }) => status)).toMatchObject({ 401: { length: 9 }, 429: { length: 21 } });
  });

  test('a file that is not there is told with its key', async () => {
    const config = { 'basic.auth.users.file': 'none' };
    await expect(server({ extensions: [{ definition: basicAuth as never, config }] })).rejects.toThrow(
      'The basic.auth.users.file none cannot be read: there is no such file.',
    );
  });

  test('a file with a password that is not hashed is refused with its line', async () => {
    const file = join(folder, 'plain');
    writeFileSync(file, '\nada:secret\n');
    const config = { 'basic.auth.users.file': file };
    await expect(server({ extensions: [{ definition: basicAuth as never, config }] })).rejects.toThrow(
      `${file} (basic.auth.users.file) cannot be used at line 2: it is not USER:$scrypt$…. Make lines by: sluice password USER`,
    );
  });
});

describe('bearer-tokens', () => {
  test('a reader reads, and only an admin changes', async () => {
    const call = await withTokens();
    const reader = { authorization: 'Bearer t-read' };
    const admin = { authorization: 'bearer t-admin' };
    const create = { method: 'POST', url: '/connectors', payload: '{"name":"a","config":{}}' } as const;
    const json = { 'content-type': 'application/json' };
    expect(await call({ url: '/connectors', headers: reader })).toMatchObject({ status: 200 });
    expect(await call({ ...create, headers: { ...json, ...reader } })).toMatchObject({ status: 403, body: 'This caller may only read.' });
    expect(await call({ ...create, headers: { ...json, ...admin } })).toMatchObject({ status: 201 });
    expect(await call({ url: '/', headers: { authorization: 'Bearer other' } })).toMatchObject({ status: 401 });
  });
});

describe('basic-auth beside bearer-tokens', () => {
  const withBoth = () =>
    server({
      extensions: [
        { definition: basicAuth as never, config: { 'basic.auth.users.file': users } },
        { definition: bearerTokens as never, config: { 'bearer.tokens.file': tokens } },
      ],
    });

  test('a password or a token is enough', async () => {
    const call = await withBoth();
    expect(await call({ url: '/connectors', headers: basic('ada:pass:word') })).toMatchObject({ status: 200 });
    expect(await call({ url: '/connectors', headers: { authorization: 'Bearer t-read' } })).toMatchObject({ status: 200 });
    expect(await call({ url: '/connectors/a', method: 'DELETE', headers: { authorization: 'Bearer t-read' } })).toMatchObject({
      status: 403,
    });
  });

  test.each([
    ['nothing', {}],
    ['a wrong password', basic('ada:no')],
    ['a wrong token', { authorization: 'Bearer no' }],
  ])('who shows %s is told of both', async (_what, headers) => {
    const call = await withBoth();
    expect(await call({ url: '/connectors', headers })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': ['Basic realm="sluice"', 'Bearer realm="sluice"'] },
    });
  });

  test('guesses of passwords and of tokens are counted together', async () => {
    const call = await withBoth();
    for (let i = 0; i < 5; i++) {
      await call({ url: '/', headers: basic('ada:no') });
      await call({ url: '/', headers: { authorization: 'Bearer no' } });
    }
    expect(await call({ url: '/', headers: basic('ada:pass:word') })).toMatchObject({ status: 429 });
  });
});

test('failures are forgotten after a minute', () => {
  let now = 0;
  const failures = new FailedLogins(() => now);
  for (let i = 0; i < 10; i++) failures.failed('a');
  expect([failures.waitSeconds('a'), failures.waitSeconds('b')]).toEqual([60, 0]);
  now = 60_000;
  expect(failures.waitSeconds('a')).toBe(0);
});

test('a hash fits its password alone, and is salted', async () => {
  const hash = await hashPassword('x');
  expect([await isPassword('x', hash), await isPassword('y', hash)]).toEqual([true, false]);
  expect(await hashPassword('x')).not.toBe(hash);
});

describe('CORS', () => {
  const cors = { origins: 'https://a.example,https://*.b.example', methods: 'GET,PUT' };
  const preflight = (origin: string) =>
    ({ method: 'OPTIONS', url: '/connectors', headers: { origin, 'access-control-request-method': 'PUT' } }) as const;

  test('an allowed origin may call, and ask beforehand without credentials', async () => {
    const call = await server({ cors, extensions: [{ definition: basicAuth as never, config: { 'basic.auth.users.file': users } }] });
    expect(await call(preflight('https://x.b.example'))).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': 'https://x.b.example', 'access-control-allow-methods': 'GET,PUT', vary: 'Origin' },
    });
  });

  test('another origin is told nothing', async () => {
    const call = await server({ cors });
    const { headers } = await call(preflight('https://a.example.evil'));
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['access-control-allow-methods']).toBeUndefined();
  });

  test('without origins there is no CORS', async () => {
    const call = await server({ cors: { origins: ' ', methods: '' } });
    expect((await call(preflight('https://a.example'))).headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('response.http.headers.config', () => {
  test('adds to every answer, errors too', async () => {
    const call = await server({
      headers: parseHeaderRules('set X-Frame-Options:DENY, "add Cache-Control: no-cache, no-store", setDate Expires:0'),
    });
    for (const url of ['/', '/nowhere', '/docs']) {
      const { headers } = await call({ url });
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'cache-control': 'no-cache, no-store',
        expires: expect.stringMatching(/ GMT$/),
      });
    }
  });

  test.each(['X:1', 'put X:1', 'set X', 'setDate Expires:soon', 'set A B:1'])('%s is refused', (rule) => {
    expect(() => parseHeaderRules(rule)).toThrow(`response.http.headers.config has the rule "${rule}", which cannot be read.`);
  });
});

describe('rest.extension.classes', () => {
  test("finds ours by Connect's class name, and others by file", async () => {
    const file = join(folder, 'extension.mjs');
    writeFileSync(
      file,
      `export default { kind: 'rest-extension', name: 'mine', config: { parse: () => ({ value: {}, problems: [] }) },
      register: (server, config, context) => { server.get('/mine', async () => context.connectors()); } };`,
    );
    const found = await loadExtensions(['org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension', file]);
    expect(found.map(({ name }) => name)).toEqual(['basic-auth', 'mine']);
    const call = await server({ extensions: [{ definition: found[1] as never, config: {} }] });
    expect(await call({ url: '/mine' })).toMatchObject({ status: 200, body: '[]' });
  });

  test('what is none is refused by name', async () => {
    await expect(loadExtensions(['com.example.Nothing'])).rejects.toThrow('com.example.Nothing in rest.extension.classes cannot be used: ');
    const file = join(folder, 'nothing.mjs');
    writeFileSync(file, 'export default 1;');
    await expect(loadExtensions([file])).rejects.toThrow('its default export is no rest extension. Name one of basic-auth, bearer-tokens');
  });
});
