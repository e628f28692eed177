import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import type { Broker } from './broker.ts';
import { classpath } from './classpath.ts';
import { runTool } from './java.ts';

/** What one test file may do with a broker that others use too: its topics, groups and transactional ids have names of their own. */
export type SharedBroker = Pick<Broker, 'bootstrap' | 'folder' | 'version' | 'tool'>;

/**
 * The one broker of the test run, which the first file that asks for it starts. A topic that is made by writing to it has two partitions.
 *
 * A test that needs settings of the server, or stops it, has a broker of its own: `startBroker`.
 */
export async function sharedBroker(): Promise<SharedBroker> {
  const address = inject('sharedBroker');
  const [status, answer] = await new Promise<readonly [number | undefined, string]>((resolve, reject) => {
    // Not `fetch`, which gives up after five minutes: the first start downloads Kafka.
    get(address, (response) => text(response).then((body) => resolve([response.statusCode, body]), reject)).once('error', reject);
  });
  if (status !== 200) throw new Error(answer);
  const { bootstrap, folder, version }: Pick<Broker, 'bootstrap' | 'folder' | 'version'> = JSON.parse(answer);
  const jars = await classpath(version);
  return { bootstrap, folder, version, tool: (main, ...args) => runTool(jars, main, args) };
}
