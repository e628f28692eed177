import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCluster } from '../../../src/kafka/kafkajs/cluster.ts';
import type { Cluster } from '../../../src/kafka/kafkajs/internals.ts';
import { connectionSettings } from '../../../src/kafka/kafkajs/settings.ts';

interface Connecting {
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  readonly socket?: Socket;
}

interface Mended extends Cluster {
  readonly brokerPool: Cluster['brokerPool'] & {
    readonly seedBroker: Connecting & { readonly connectionPool: { readonly pool: readonly Connecting[] } };
    createSeedBroker(): Promise<void>;
  };
}

let silent: Server;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  silent = createServer((socket) => {
    sockets.push(socket.on('error', () => {}).resume());
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});

async function seedBroker() {
  const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const cluster = openCluster(connectionSettings({ 'bootstrap.servers': address, 'request.timeout.ms': '30000' })) as Mended;
  await cluster.brokerPool.createSeedBroker();
  return cluster.brokerPool.seedBroker;
}

const within = async <T>(promise: Promise<T>): Promise<T | 'nothing'> =>
  Promise.race([promise, new Promise<'nothing'>((resolve) => setTimeout(() => resolve('nothing'), 2_000))]);

test('closing does not wait for a broker that never answers, and fails what was asked of it', async () => {
  const broker = await seedBroker();
  const connecting = broker.connect().catch((error: Error) => error.message);
  await expect.poll(() => sockets.length).toBe(1);
  expect(await within(broker.disconnect())).not.toBe('nothing');
  expect(await within(connecting)).toMatch(/The connection to 127.0.0.1:\d+ was closed/);
});

test('a connection that is closed while it is being made fails at once', async () => {
  const [connection] = (await seedBroker()).connectionPool.pool;
  const before = connection?.connect().catch((error: Error) => error.message);
  await connection?.disconnect();
  expect(await within(before ?? Promise.resolve(''))).toMatch(/was closed/);
  const after = connection?.connect().catch((error: Error) => error.message);
  while (connection?.socket?.connecting !== true) await Promise.resolve();
  await connection.disconnect();
  expect(await within(after ?? Promise.resolve(''))).toMatch(/was closed/);
});

test('a connection that was closed with questions open can be made again, and is not closed by its past', async () => {
  const broker = await seedBroker();
  const first = broker.connect().catch(() => 'failed');
  await expect.poll(() => sockets.length).toBe(1);
  const closing = broker.disconnect();
  expect(await within(first)).toBe('failed');
  const second = broker.connect().catch(() => 'failed');
  await closing;
  await expect.poll(() => sockets.length).toBe(2);
  sockets[0]?.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sockets[1]?.readableEnded).toBe(false);
  sockets[1]?.resetAndDestroy();
  expect(await within(second)).toBe('failed');
});
