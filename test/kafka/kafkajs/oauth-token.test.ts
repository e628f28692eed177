import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { oauthTokens } from '../../../src/kafka/kafkajs/oauth-token.ts';

const requests: { readonly authorization: string | undefined; readonly body: string }[] = [];
let answer: { status: number; body: string };
const server = createServer(async (request, response) => {
  requests.push({ authorization: request.headers.authorization, body: await textOf(request) });
  response.writeHead(answer.status).end(answer.body);
});
let endpoint: string;

beforeEach(async () => {
  requests.length = 0;
  answer = { status: 200, body: '{"access_token":"t1","expires_in":100}' };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function textOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
const credentials = () => ({ endpoint, clientId: 'me', clientSecret: 's', scope: 'kafka', timeoutMs: 5000 });

test('asks by client credentials, and again when four fifths of the life are over', async () => {
  let now = 0;
  const token = oauthTokens(credentials(), () => now);
  expect(await token()).toEqual({ value: 't1' });
  answer = { status: 200, body: '{"access_token":"t2","expires_in":100}' };
  now = 79_999;
  expect(await token()).toEqual({ value: 't1' });
  now = 80_000;
  expect(await token()).toEqual({ value: 't2' });
  expect(requests).toHaveLength(2);
  expect(requests[0]).toEqual({ authorization: 'Basic bWU6cw==', body: 'grant_type=client_credentials&scope=kafka' });
});

test.each([
  [401, '{}', /it answered 401/],
  [200, 'no JSON', /has no access_token/],
  [200, '{"access_token":5}', /has no access_token/],
])('answer %i %s is an error that names the endpoint and not the secret', async (status, body, message) => {
  answer = { status, body };
  await expect(oauthTokens(credentials())()).rejects.toThrow(message);
  await expect(oauthTokens(credentials())()).rejects.toThrow(endpoint);
});
