import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Frames } from '../../../src/kafka/kafkajs/frames.ts';
import type { RawCall } from '../../../src/kafka/kafkajs/internals.ts';
import { type QuickConnection, quicken, quickSockets } from '../../../src/kafka/kafkajs/quick-connection.ts';

const opened: (Server | Socket)[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) 'destroy' in each ? each.destroy() : each.close();
});

type Entry = Parameters<QuickConnection['requestQueue']['push']>[0]['entry'];

/** A connection as kafkajs's, on a socket to a server that answers with what it gets. */
async function connected(): Promise<
  QuickConnection & { readonly throttled: number[]; readonly rejected: Error[]; readonly peers: Socket[] }
> {
  const peers: Socket[] = [];
  const server = createServer((socket) => {
    peers.push(socket);
    const requests = new Frames((request) => answer(socket, request));
    socket.on('data', (data) => requests.push(data)).on('error', () => {});
  });
  opened.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const waiting = new Map<number, Entry>();
  const [throttled, rejected]: [number[], Error[]] = [[], []];
  const { port } = server.address() as AddressInfo;
  const socket = quickSockets({ host: '127.0.0.1', port, ssl: undefined as never, onConnect: () => {} });
  opened.push(socket as Socket);
  let correlationId = 7;
  const connection = {
    clientId: 'tést',
    authHandlers: null,
    socket: socket as Socket,
    throttled,
    rejected,
    peers,
    requestQueue: {
      push: ({ entry, expectResponse, sendRequest }: Parameters<QuickConnection['requestQueue']['push']>[0]) => {
        waiting.set(entry.correlationId, entry);
        sendRequest();
        if (!expectResponse) entry.resolve({ payload: Buffer.alloc(0) });
      },
      fulfillRequest: ({ correlationId: id, payload }: { readonly correlationId: number; readonly payload: Buffer }) =>
        waiting.get(id)?.resolve({ payload }),
      maybeThrottle: (ms: number) => throttled.push(ms),
    },
    send: async () => 'by kafkajs',
    processData: () => {},
    isAuthenticated: () => true,
    authenticate: async () => {},
    failIfNotConnected: () => {},
    nextCorrelationId: () => correlationId++,
    rejectRequests: (error: Error) => rejected.push(error),
  };
  quicken(connection);
  socket.on('data', (piece) => connection.processData.call(connection, ...([piece] as unknown as [])));
  socket.on('error', () => {});
  await once(socket as Socket, 'connect');
  return connection;
}

/** Sends a request back without its API key and version: the correlation id comes first in an answer. */
function answer(socket: Socket, request: Buffer): void {
  if (request.includes('nonsense')) return void socket.write('HTTP/1.1 400 Bad Request');
  const body = request.subarray(4);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  socket.write(Buffer.concat([size, body]));
}

const call = (parts: readonly string[]): RawCall => ({
  requestTimeout: 1_000,
  logResponseError: false,
  request: {
    apiKey: 3,
    apiVersion: 9,
    apiName: 'Echo',
    expectResponse: () => true,
    encode: () => Promise.reject(new Error('the parts are to be used')),
    parts: () => parts.map((part) => Buffer.from(part)),
  },
  response: {
    decode: async (payload) => ({ clientSideThrottleTime: 5, text: payload.toString() }),
    parse: async (decoded) => (decoded as unknown as { readonly text: string }).text,
  },
});

test('a request goes out in its parts behind its header, and its answer comes back', async () => {
  const connection = await connected();
  const expected = '\0\u0005tést' + 'one' + 'two' + 'three';
  expect(await connection.send(call(['one', 'two', 'three']))).toBe(expected);
  expect(connection.throttled).toEqual([5]);
});

test('requests that are under way together get each its own answer', async () => {
  const connection = await connected();
  const texts = ['a', 'b'.repeat(300_000), 'c'];
  const answers = await Promise.all([connection.send(call(['a'])), connection.send(call([texts[1] ?? ''])), connection.send(call(['c']))]);
  expect(answers).toEqual(texts.map((text) => `\0\u0005tést${text}`));
});

test('a request without parts is left to kafkajs', async () => {
  const connection = await connected();
  const { parts: _parts, ...request } = call([]).request;
  expect(await connection.send({ ...call([]), request })).toBe('by kafkajs');
});

test('nonsense instead of an answer fails what is under way and closes the connection', async () => {
  const connection = await connected();
  void connection.send(call(['nonsense']));
  await new Promise((resolve) => connection.socket?.once('close', resolve));
  const message = expect.stringContaining('announces an answer of 1213486160 bytes');
  expect(connection.rejected).toEqual([expect.objectContaining({ kind: 'invalid', message })]);
});

test('nonsense behind an answer is a connection that has broken: it is worth another attempt', async () => {
  const connection = await connected();
  await connection.send(call(['one']));
  void connection.send(call(['nonsense']));
  await new Promise((resolve) => connection.socket?.once('close', resolve));
  expect(connection.rejected).toEqual([expect.objectContaining({ kind: 'retriable' })]);
});

/** More than the system takes for a reader that does not read. */
const unanswered = (megabytes: number): RawCall => {
  const { request, ...rest } = call(['x'.repeat(megabytes * 1024 * 1024)]);
  return { ...rest, request: { ...request, expectResponse: () => false } };
};

test('a request without an answer is sent when all of it has been taken', async () => {
  const connection = await connected();
  await expect.poll(() => connection.peers.length).toBe(1);
  connection.peers[0]?.pause();
  let sent = false;
  const sending = connection.send({ ...unanswered(32), requestTimeout: 10_000 }).then(() => {
    sent = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sent).toBe(false);
  connection.peers[0]?.resume();
  await sending;
  expect(connection.socket?.writableLength).toBe(0);
});

test.each([
  { why: 'is not taken in time', requestTimeout: 20, destroys: false },
  { why: 'loses its connection', requestTimeout: 10_000, destroys: true },
])('a request without an answer that $why fails: it may be lost', async ({ requestTimeout, destroys }) => {
  const connection = await connected();
  await expect.poll(() => connection.peers.length).toBe(1);
  connection.peers[0]?.pause();
  const sending = connection.send({ ...unanswered(32), requestTimeout });
  if (destroys)
    connection.socket
      ?.removeAllListeners()
      .on('error', () => {})
      .destroy();
  await expect(sending).rejects.toThrow('The connection was lost before a request was written to it.');
});
