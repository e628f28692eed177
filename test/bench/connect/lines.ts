import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Admin, Driver } from '../../../src/kafka/driver.ts';
import { LINE_BYTES, lineOf, orderOf } from './contents.ts';
import { type Lines, sinkTopics } from './rows.ts';

const PARTITIONS = 4;
const PER_SEND = 1_000;

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

/** Fills the topics that sinks read, evenly over their partitions: lines as texts, and as JSON, and orders. */
export async function fillTopics(driver: Driver, admin: Admin, count: number): Promise<void> {
  const producer = await driver.producer();
  const written = {
    [sinkTopics.strings]: lineOf,
    [sinkTopics.json]: (n: number) => JSON.stringify(lineOf(n)),
    [sinkTopics.orders]: orderOf,
  };
  for (const [topic, write] of Object.entries(written)) {
    await admin.createTopics([{ name: topic, partitions: PARTITIONS }]);
    for (let n = 0; n < count; n += PER_SEND) {
      const size = Math.min(PER_SEND, count - n);
      const records = Array.from({ length: size }, (_, i) => ({ key: null, value: Buffer.from(write(n + i)) }));
      await producer.send([{ topic, partition: (n / PER_SEND) % PARTITIONS, records }]);
    }
  }
  await producer.close();
}
