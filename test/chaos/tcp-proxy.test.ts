import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';
import { type Fault, randomFaults, startProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;
let atBroker: Socket[];

beforeEach(async () => {
  atBroker = [];
  echo = createServer((socket) => {
    atBroker.push(socket.on('error', () => {}));
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy({ port: (echo.address() as AddressInfo).port });
});
afterEach(async () => {
  await proxy.close();
  for (const socket of atBroker) socket.destroy();
  echo.close();
});

interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  readonly end: Promise<string>;
}

async function open(): Promise<Client> {
  const socket = connect(proxy.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  const end = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.on('end', () => resolve('end'));
  });
  await once(socket, 'connect');
  return { socket, received: () => received, end };
}

const withFault = (fault: Fault) => proxy.plan(() => fault);
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

test('passes everything where no fault is planned, also the end of one side', async () => {
  const client = await open();
  client.socket.end('x'.repeat(300_000));
  expect(await client.end).toBe('end');
  expect(client.received()).toHaveLength(300_000);
});

test('cut: resets behind a byte of the answer', async () => {
  withFault({ kind: 'cut', direction: 'to-client', afterBytes: 4 });
  const client = await open();
  client.socket.write('0123456789');
  expect(await client.end).toBe('ECONNRESET');
});

test('truncate: ends in order behind a byte', async () => {
  withFault({ kind: 'truncate', direction: 'to-client', afterBytes: 4 });
  const client = await open();
  client.socket.write('0123456789');
  expect(await client.end).toBe('end');
  expect(client.received()).toBe('0123');
});

test('drop: lets one direction vanish from a byte on, and keeps the connection', async () => {
  withFault({ kind: 'drop', direction: 'to-broker', afterBytes: 4 });
  const client = await open();
  client.socket.write('012345');
  client.socket.write('6789');
  await expect.poll(client.received).toBe('0123');
  await settled();
  expect(client.received()).toBe('0123');
  expect(client.socket.destroyed).toBe(false);
});

test('half-open: the broker sees the end, the client nothing', async () => {
  const client = await open();
  client.socket.write('before ');
  await expect.poll(client.received).toBe('before ');
  proxy.inflict({ kind: 'half-open', direction: 'to-client', afterBytes: 0 });
  await expect.poll(() => atBroker[0]?.destroyed).toBe(true);
  client.socket.write('after');
  await settled();
  expect([client.received(), client.socket.destroyed, client.socket.readableEnded]).toEqual(['before ', false, false]);
});

test('delay: holds what follows a byte, and loses none of it', async () => {
  withFault({ kind: 'delay', direction: 'to-broker', afterBytes: 4, ms: 150 });
  const client = await open();
  client.socket.write('0123456789');
  await settled();
  expect(client.received()).toBe('');
  await expect.poll(client.received, { timeout: 3000 }).toBe('0123456789');
});

test('refuse and accept: nobody is there, and is again on the same port', async () => {
  const client = await open();
  await proxy.refuse();
  expect(await client.end).toBe('ECONNRESET');
  await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.accept();
  const again = await open();
  again.socket.end('hello');
  await again.end;
  expect(again.received()).toBe('hello');
});

test('a seed decides the faults of all connections', () => {
  const planned = (seed: number) => {
    const plan = randomFaults(seededRandom(seed));
    return Array.from({ length: 200 }, (_, connection) => plan(connection));
  };
  expect(planned(1)).toEqual(planned(1));
  expect(planned(1)).not.toEqual(planned(2));
  expect(new Set(planned(1).map((fault) => fault?.kind))).toEqual(new Set([undefined, 'cut', 'truncate', 'drop', 'half-open', 'delay']));
});
