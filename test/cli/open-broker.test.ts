import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { openBroker } from '../../src/cli/open-broker.ts';
import { readWorkerConfig } from '../../src/config/worker-config.ts';
import type { Logger } from '../../src/telemetry/log.ts';

test('brokers that do not answer are told of soon, and waited for until a stop', async () => {
  // Takes connections and says nothing.
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const servers = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const overrides = { 'bootstrap.servers': servers, 'key.converter': 'x', 'value.converter': 'x', 'offset.storage.file.filename': 'o' };
  const config = await readWorkerConfig({ environment: {}, overrides, warn: () => undefined });
  const stop = new AbortController();
  const told = Promise.withResolvers<unknown[]>();
  const log = { warn: (...line: unknown[]) => told.resolve(line), debug: () => undefined } as unknown as Logger;
  const opening = openBroker(config, { log, stopped: stop.signal });
  expect(await told.promise).toEqual([{ servers: [servers] }, 'no broker has answered yet']);
  stop.abort();
  await expect(opening).rejects.toBe(stop.signal.reason);
  silent.close();
});
