import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Admin, Driver } from '../../../src/kafka/driver.ts';
import { type Lines, sinkTopics } from './rows.ts';

const LINE_BYTES = 100;
const PARTITIONS = 4;
const PER_SEND = 1_000;

/** A line without its end, 99 bytes, none like another. */
const lineOf = (n: number): string =>
  `${n} lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore`
    .slice(0, LINE_BYTES - 1)
    .padEnd(LINE_BYTES - 1, '.');

export async function writeLines(file: string, count: number): Promise<Lines> {
  const out = createWriteStream(file);
  for (let n = 0; n < count; n += PER_SEND) {
    const size = Math.min(PER_SEND, count - n);
    const text = Array.from({ length: size }, (_, i) => `${lineOf(n + i)}\n`).join('');
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return { file, count, bytes: count * LINE_BYTES };
}

/** Fills the topics that sinks read, evenly over their partitions: lines as texts, and as JSON. */
export async function fillTopics(driver: Driver, admin: Admin, count: number): Promise<void> {
  const producer = await driver.producer();
  for (const [topic, write] of [[sinkTopics.strings, (line: string) => line] as const, [sinkTopics.json, JSON.stringify] as const]) {
    await admin.createTopics([{ name: topic, partitions: PARTITIONS }]);
    for (let n = 0; n < count; n += PER_SEND) {
      const size = Math.min(PER_SEND, count - n);
      const records = Array.from({ length: size }, (_, i) => ({ key: null, value: Buffer.from(write(lineOf(n + i))) }));
      await producer.send([{ topic, partition: (n / PER_SEND) % PARTITIONS, records }]);
    }
  }
  await producer.close();
}
