import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type Listening, listen } from '../../src/rest/listen.ts';
import { type Listener, parseListeners } from '../../src/rest/listeners.ts';
import { serverTls } from '../../src/rest/server-tls.ts';

// A certificate authority, and a key and certificate of localhost by it.
const path = (name: string): string => new URL(`../kafka/kafkajs/fixtures/${name}`, import.meta.url).pathname;
const pem = (name: string): string => readFileSync(path(name), 'utf8');
const password = { 'ssl.keystore.password': 'changeit', 'ssl.key.password': 'changeit', 'ssl.truststore.password': 'changeit' };
const [secure] = parseListeners(['https://127.0.0.1:0']);

async function serving(originals: Record<string, string>): Promise<Listening> {
  const listening = await listen([secure as Listener], { tls: (listener) => serverTls(originals, listener) });
  listening.serve((_request, response) => response.end('here'));
  return listening;
}

function get(port: number | undefined, client: { key?: string; cert?: string } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/', ca: pem('ca.pem'), servername: 'localhost', agent: false, ...client }, (response) => {
      response.setEncoding('utf8').on('data', resolve).on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['PKCS12', { 'ssl.keystore.location': path('node.p12') }],
  ['PEM', { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': path('node-store.pem') }],
])('HTTPS is served from a key store in %s', async (_name, store) => {
  const listening = await serving({ ...password, ...store });
  expect(await get(listening.ports[0])).toBe('here');
  await listening.close();
});

test('a client certificate is asked for where it is required', async () => {
  const store = { ...password, 'ssl.keystore.location': path('node.p12'), 'ssl.truststore.location': path('trust.p12') };
  const listening = await serving({ ...store, 'ssl.client.auth': 'required' });
  await expect(get(listening.ports[0])).rejects.toThrow();
  expect(await get(listening.ports[0], { key: pem('node.key'), cert: pem('node.pem') })).toBe('here');
  await listening.close();
});

test('settings with listeners.https. stand alone, and errors name them so', async () => {
  const mixed = { ...password, 'ssl.keystore.location': path('node.p12'), 'listeners.https.ssl.keystore.location': '/none' };
  await expect(serving(mixed)).rejects.toThrow('Store /none (listeners.https.ssl.keystore.location) cannot be used: ENOENT');
  await expect(serving({ ...password })).rejects.toThrow('https://127.0.0.1:0 has no certificate: ssl.keystore.location is not set.');
});

test('a client that is slow to send its request is cut off', async () => {
  const [plain] = parseListeners(['http://127.0.0.1:0']);
  const listening = await listen([plain as Listener], { limits: { receiveMs: 100 } });
  listening.serve((_request, response) => response.end('here'));
  const socket = connect({ host: '127.0.0.1', port: listening.ports[0] ?? 0 });
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  expect(answer).toContain('408 Request Timeout');
  await listening.close();
});

test('a listener holds no more connections than its limit', async () => {
  const [plain] = parseListeners(['http://127.0.0.1:0']);
  const listening = await listen([plain as Listener], { limits: { connections: 1 } });
  const port = listening.ports[0] ?? 0;
  const first = connect({ host: '127.0.0.1', port });
  await new Promise((resolve) => first.once('connect', resolve));
  const second = connect({ host: '127.0.0.1', port }).on('error', () => {});
  await new Promise((resolve) => second.once('close', resolve));
  expect(first.destroyed).toBe(false);
  first.destroy();
  await listening.close();
});
