/**
 * Writes to and reads from a real Kafka of three nodes while leaders are killed with -9, all brokers are restarted one after
 * the other, and proxies harm the connections. An idempotent producer must lose, repeat and reorder nothing; of a
 * transactional one, readers of committed records must see exactly the transactions that were committed, each whole.
 *
 * `npm run chaos:kafka -- --minutes 5 --seed 7`
 */
import { parseArgs } from 'node:util';
import { openKafka } from '../../src/kafka/open-kafka.ts';
import { startCluster } from '../integration/kafka/cluster.ts';
import { IdempotentLoad } from './kafka/idempotent-load.ts';
import { Reading } from './kafka/reading.ts';
import { eventually, within } from './kafka/recovery.ts';
import { GROUP, TransactionalLoad } from './kafka/transactional-load.ts';
import { killLeader, proxyFaults, rollingRestart, type Scene } from './kafka/trouble.ts';
import { halfTransactions, wrongNumbers, wrongTransactions } from './kafka/verdict.ts';

const { values } = parseArgs({
  options: {
    /** Of proxy faults. */
    minutes: { type: 'string', default: '0.2' },
    seed: { type: 'string', default: `${Date.now() % 100_000}` },
    kills: { type: 'string', default: '1' },
    rolling: { type: 'string', default: '0' },
    kafka: { type: 'string', default: '4.3.1' },
    log: { type: 'boolean', default: false },
  },
});
const seconds = 60 * Number(values.minutes);
const partitions = 3;
const [numbers, transactions] = ['numbers', 'transactions'];
/** A dead connection is noticed after this time. */
const properties = { 'request.timeout.ms': '5000', 'retry.backoff.max.ms': '500' };

const began = performance.now();
const cluster = await startCluster({ version: values.kafka, proxied: true });
console.log(`three nodes of Kafka ${values.kafka} are up after ${((performance.now() - began) / 1000).toFixed(1)} s`);
const log = (level: string, message: string, facts: object) => {
  if (values.log) console.log(level, message, JSON.stringify(facts).slice(0, 300));
};
const driver = await openKafka({ bootstrap: cluster.bootstrap, properties, log });
let failed = false;
try {
  await chaos();
  await within('the driver closes', driver.close());
} catch (error) {
  failed = true;
  console.error('WRONG:', error);
}
await cluster.close();
process.exit(failed ? 1 : 0);

async function chaos(): Promise<void> {
  const admin = await driver.admin();
  const configs = { 'min.insync.replicas': '2' };
  await admin.createTopics([numbers, transactions].map((name) => ({ name, partitions, replicationFactor: 3, configs })));
  const load = await IdempotentLoad.start(driver, numbers, partitions);
  const transacting = await TransactionalLoad.start(driver, transactions, partitions);
  const readers = [await Reading.start(driver, numbers, partitions), await Reading.start(driver, transactions, partitions)];
  const [reading, readingCommitted] = readers;
  if (reading === undefined || readingCommitted === undefined) throw new Error('there are no readers');
  const scene: Scene = {
    cluster,
    admin,
    topics: [numbers, transactions, '__transaction_state', '__consumer_offsets'],
    recoveries: {
      writes: load.recovery,
      transactions: transacting.recovery,
      reads: reading.recovery,
      'committed reads': readingCommitted.recovery,
    },
  };
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  for (let round = 0; round < Number(values.kills); round++) await killLeader(scene, round);
  for (let round = 0; round < Number(values.rolling); round++) await rollingRestart(scene);
  if (seconds > 0) await proxyFaults(scene, seconds, Number(values.seed));
  await within('all writes are answered', load.stop());
  await within('the last transaction ends', transacting.stop());
  await judge(load, transacting, [reading, readingCommitted]);
}

async function judge(load: IdempotentLoad, transacting: TransactionalLoad, live: readonly [Reading, Reading]): Promise<void> {
  const fresh = [await Reading.start(driver, numbers, partitions), await Reading.start(driver, transactions, partitions)] as const;
  const admin = await driver.admin();
  for (const [at, topic] of [numbers, transactions].entries()) {
    const ends = await admin.offsets(
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
      'latest',
    );
    for (const reader of [live[at], fresh[at]])
      await eventually(
        'everything is read',
        60_000,
        () => reader?.positions.every((next, p) => next >= (ends.get(`${topic}-${p}`) ?? 0)) === true,
      );
  }
  for (const reader of [...live, ...fresh]) await reader.stop();
  const { ends } = transacting;
  const count = (end: string) => ends.filter((each) => each === end).length;
  console.log(`${load.written.reduce((sum, each) => sum + each)} numbers were written, ${load.refused.length} batches refused`);
  console.log(`${ends.length} transactions: ${count('committed')} committed, ${count('aborted')} aborted, ${count('unknown')} unknown`);
  for (const each of [...load.refused, ...transacting.failures].slice(0, 10)) console.log(`  ${each}`);
  const offset = (await admin.groupOffsets(GROUP)).get(`${transactions}-0`) ?? 0;
  const last = ends.lastIndexOf('committed') + 1;
  const wrong = [
    ...(load.refused.length > 0 ? [`${load.refused.length} batches were refused`] : []),
    ...[live, fresh].flatMap(([plain, committed]) => [
      ...plain.repeated,
      ...committed.repeated,
      ...plain.values.flatMap((found, partition) => wrongNumbers(found, load.written[partition] ?? 0)),
      ...committed.values.flatMap((found) => wrongTransactions(found, ends)),
      ...halfTransactions(committed.values),
    ]),
    ...(offset === last || ends[offset - 1] === 'unknown'
      ? []
      : [`the group is at ${offset}, and transaction ${last - 1} was the last committed`]),
  ];
  for (const each of wrong.slice(0, 30)) console.error(`WRONG: ${each}`);
  failed = wrong.length > 0;
  if (!failed) console.log('no number lost, repeated or out of order; exactly the committed transactions are there, each whole');
}
