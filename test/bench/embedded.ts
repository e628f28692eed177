/**
 * Figures of the embedded broker: durable append and read of 1,000-record batches of 116-byte records, and its memory.
 *
 * Run: node --conditions=source test/bench/embedded.ts [million records]
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OutRecord, openEmbedded } from '../../src/kafka/index.ts';

const TOPIC = [{ topic: 'bench', partition: 0 }];
const BATCH = 1000;
const total = Number(process.argv[2] ?? 2) * 1_000_000;
const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));

/** 16 bytes of key and 100 of value. */
const records: readonly OutRecord[] = Array.from({ length: BATCH }, (_, index) => ({
  key: String(index).padStart(16, '0'),
  value: `${index}:`.padEnd(100, 'payload of a record '),
}));

const memory = (): string => {
  const status = readFileSync('/proc/self/status', 'utf8');
  const of = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
  return `RSS peak ${of('VmHWM')} MB, RssAnon ${of('RssAnon')} MB`;
};

async function measure(what: string, count: number, work: () => Promise<readonly number[]>): Promise<void> {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const times = [...(await work())].sort((a, b) => a - b);
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  const perMillion = (used.user + used.system) / count;
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  console.log(
    `${what.padEnd(34)} ${(count / seconds / 1e6).toFixed(2).padStart(6)} M records/s  ${perMillion.toFixed(2)} CPU s per million  p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  ${memory()}`,
  );
}

const driver = await openEmbedded({ dataDir });
const producer = await driver.producer();
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const send = (part: readonly OutRecord[]) => () => producer.send([{ topic: 'bench', partition: 0, records: part }]);

await send(records)();
await measure('append, one batch at a time', total, async () => {
  const times: number[] = [];
  for (let sent = 0; sent < total; sent += BATCH) times.push(await timed(send(records)));
  return times;
});
await measure('append, 4 batches in flight', total, async () => {
  const times: number[] = [];
  for (let sent = 0; sent < total; sent += 4 * BATCH) times.push(...(await Promise.all([0, 1, 2, 3].map(() => timed(send(records))))));
  return times;
});
await measure('append, single records', 2000, async () => {
  const times: number[] = [];
  for (let sent = 0; sent < 2000; sent++) times.push(await timed(send(records.slice(0, 1))));
  return times;
});

async function read(look: (value: { valueText(): string | null }) => void): Promise<readonly number[]> {
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions: TOPIC }, reset: 'earliest' });
  const times: number[] = [];
  for (let left = 2 * total; left > 0; ) {
    const start = performance.now();
    const batch = await consumer.next();
    times.push(performance.now() - start);
    for (const record of batch.records) look(record);
    left -= batch.count;
    batch.release();
  }
  await consumer.close();
  return times;
}

let bytes = 0;
await measure('read, records only', 2 * total, () => read(() => bytes++));
await measure('read, values as text', 2 * total, () => read((record) => (bytes += record.valueText()?.length ?? 0)));
console.log(
  `store ${Math.round(statSync(join(dataDir, 'broker.db')).size / 1e6)} MB, write-ahead log ${Math.round(statSync(join(dataDir, 'broker.db-wal')).size / 1e6)} MB`,
);
await driver.close();
rmSync(dataDir, { recursive: true });
