import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { client, withoutLogin } from '../../../src/cli/connectors/client.ts';
import { freePorts } from '../../integration/kafka/free-ports.ts';
import { SluiceFolder } from '../sluice-process.ts';

let server: Server;
let port: number;
const sent: (string | undefined)[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    sent.push(request.headers.authorization);
    const status = Number(request.url?.slice(1)) || 200;
    const [type, body] = status === 200 ? ['application/json', '[]'] : ['text/plain; charset=utf-8', 'Not now.'];
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

test('a login in the address is sent as such', async () => {
  await client(`http://ada:s%3Acret@127.0.0.1:${port}/`)('GET', '/connectors');
  await client(`http://:t%2Fken@127.0.0.1:${port}/`)('GET', '/connectors');
  await client(`http://127.0.0.1:${port}`)('GET', '/connectors');
  expect(sent).toEqual([`Basic ${Buffer.from('ada:s:cret').toString('base64')}`, 'Bearer t/ken', undefined]);
});

test('a worker that wants a login, or has another reason in plain text, is understood', async () => {
  const ask = client(`http://127.0.0.1:${port}`);
  await expect(ask('GET', '/401')).rejects.toThrow(
    `The worker at http://127.0.0.1:${port} wants to know who asks, and got no login that it knows (HTTP 401). Put one into --url: http://USER:PASSWORD@HOST:PORT, or http://:TOKEN@HOST:PORT.`,
  );
  await expect(ask('GET', '/429')).rejects.toThrow('Not now. (HTTP 429)');
});

test('a login in the address is not told (I10)', async () => {
  expect(withoutLogin('http://ada:secret@127.0.0.1:8083')).toBe('http://127.0.0.1:8083/');
  const [free] = await freePorts(1);
  await expect(client(`http://ada:secret@127.0.0.1:${free}`)('GET', '/connectors')).rejects.toThrow(
    `Nothing listens at http://127.0.0.1:${free}/.`,
  );
});

test('a certificate of an unknown authority is told with what makes it known', async () => {
  const path = (name: string): string => new URL(`../../kafka/kafkajs/fixtures/${name}`, import.meta.url).pathname;
  const secure = createSecureServer({ key: readFileSync(path('node.key')), cert: readFileSync(path('node.pem')) }, (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
  );
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const url = `https://localhost:${(secure.address() as AddressInfo).port}`;
  const folder = new SluiceFolder();
  try {
    await expect(client(url)('GET', '/connectors')).rejects.toThrow(
      `The certificate of the worker at ${url} is of an authority that is not known here (unable to verify the first certificate). Set NODE_EXTRA_CA_CERTS=FILE to the certificate of its authority (PEM).`,
    );
    const known = folder.run(['ls', '--url', url], { NODE_EXTRA_CA_CERTS: path('ca.pem') });
    expect(await known.ended).toBe(0);
    expect(known.stderr).toBe(`There are no connectors at ${url}.\n`);
  } finally {
    secure.close();
    await folder.remove();
  }
});

test('https to a listener without TLS is told in one line', async () => {
  await expect(client(`https://127.0.0.1:${port}`)('GET', '/connectors')).rejects.toThrow(
    `The worker at https://127.0.0.1:${port} cannot be asked: it does not speak TLS. Write http:// in --url.`,
  );
});
