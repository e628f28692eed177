import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { client, withoutLogin } from '../../../src/cli/connectors/client.ts';
import { freePorts } from '../../integration/kafka/free-ports.ts';

let server: Server;
let port: number;
const sent: (string | undefined)[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    sent.push(request.headers.authorization);
    response.end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

test('a login in the address is sent as such', async () => {
  await client(`http://ada:s%3Acret@127.0.0.1:${port}/`)('GET', '/connectors');
  await client(`http://127.0.0.1:${port}`)('GET', '/connectors');
  expect(sent).toEqual([`Basic ${Buffer.from('ada:s:cret').toString('base64')}`, undefined]);
});

test('a login in the address is not told (I10)', async () => {
  expect(withoutLogin('http://ada:secret@127.0.0.1:8083')).toBe('http://127.0.0.1:8083/');
  const [free] = await freePorts(1);
  await expect(client(`http://ada:secret@127.0.0.1:${free}`)('GET', '/connectors')).rejects.toThrow(
    `Nothing listens at http://127.0.0.1:${free}/.`,
  );
});
