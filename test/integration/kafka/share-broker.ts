import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type Broker, startBroker } from './broker.ts';

/** What `sharedBroker` asks for: starting a broker costs more than most tests on it, so that all files of a run have one between them. */
export default async function shareBroker(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<Broker> | undefined;
  const answer = async (response: ServerResponse): Promise<void> => {
    try {
      starting ??= startBroker({ properties: { 'num.partitions': '2' }, archives: true });
      const { bootstrap, folder, version } = await starting;
      response.end(JSON.stringify({ bootstrap, folder, version }));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  };
  const server = createServer((_, response) => void answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  project.provide('sharedBroker', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    await (await starting?.catch(() => undefined))?.close();
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the broker's addresses once it has started. */
    sharedBroker: string;
  }
}
