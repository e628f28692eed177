/**
 * Records what a real broker answers to every request that the Kafka driver makes, for the fuzz tests: `kafka/answers.json`.
 *
 * `node --conditions=source test/fuzz/record-answers.ts`
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openKafka } from '../../src/kafka/open-kafka.ts';
import { driverContract } from '../../src/testing/driver-contract.ts';
import { startBroker } from '../integration/kafka/broker.ts';

interface Queue {
  readonly inflight: ReadonlyMap<number, { readonly entry: { readonly apiKey: number; readonly apiVersion: number } }>;
}
interface Fulfilled {
  readonly correlationId: number;
  readonly payload: Buffer;
}

const PER_REQUEST = 4;
const MOST_BYTES = 2_000;

const answers = new Map<string, Set<string>>();
const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  readonly prototype: { fulfillRequest(this: Queue, answer: Fulfilled): void };
};
const fulfil = prototype.fulfillRequest;
prototype.fulfillRequest = function (answer) {
  const entry = this.inflight.get(answer.correlationId)?.entry;
  if (entry !== undefined && answer.payload.length <= MOST_BYTES) {
    const key = `${entry.apiKey}/${entry.apiVersion}`;
    const kept = answers.get(key) ?? new Set();
    answers.set(key, kept.add(answer.payload.toString('base64')));
  }
  fulfil.call(this, answer);
};

const broker = await startBroker();
try {
  const open = async () => {
    const driver = await openKafka({ bootstrap: broker.bootstrap });
    return { driver, close: () => driver.close() };
  };
  for (const { run } of driverContract(open)) await run();
} finally {
  await broker.close();
}

/** Those of different sizes, the largest first. */
function chosen(kept: ReadonlySet<string>): readonly string[] {
  const bySize = new Map([...kept].map((text) => [text.length, text]));
  return [...bySize]
    .sort(([a], [b]) => b - a)
    .slice(0, PER_REQUEST)
    .map(([, text]) => text);
}
const sorted = [...answers].sort(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
const lines = sorted.map(([key, kept]) => `  ${JSON.stringify(key)}: ${JSON.stringify(chosen(kept))}`);
writeFileSync(new URL('kafka/answers.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
console.log([...answers.keys()].sort().join(' '));
