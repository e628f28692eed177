import type { Appended } from '../../../src/kafka/driver.ts';
// The driver itself: what the port loads when it is used would count as work.
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { Arrivals, type Job, payloadsOf } from './job.ts';

/** As the engine uses it: batches of records made for each send, as many on the way as the buffer takes. */
export async function produce(job: Job): Promise<void> {
  const { bootstrap, topic, partitions, records, perSend, idempotent, compression } = job;
  const payloads = payloadsOf(job);
  const driver = await openKafka({ bootstrap });
  const producer = await driver.producer({ idempotent, compression });
  await producer.partitions(topic);
  let failure: unknown;
  const check = (answers: readonly Appended[]) => {
    failure ??= answers.find(({ error }) => error !== undefined)?.error;
  };
  for (let sent = 0, turn = 0; sent < records; sent += perSend, turn++) {
    const batch = Array.from({ length: Math.min(perSend, records - sent) }, (_, i) => ({
      key: null,
      value: payloads[(sent + i) % payloads.length] as Buffer,
    }));
    producer.send([{ topic, partition: turn % partitions, records: batch }]).then(check, (error: unknown) => {
      failure ??= error;
    });
    await producer.ready();
    if (failure !== undefined) throw failure;
  }
  await producer.flush();
  if (failure !== undefined) throw failure;
  await driver.close();
}

/** Every record is made, and its value looked at. */
export async function consume(job: Job): Promise<void> {
  const driver = await openKafka({ bootstrap: job.bootstrap });
  const partitions = Array.from({ length: job.partitions }, (_, partition) => ({ topic: job.topic, partition }));
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest' });
  const arrivals = new Arrivals(job);
  while (!arrivals.complete) {
    const batch = await consumer.next();
    let bytes = 0;
    for (const record of batch.records) bytes += record.value?.length ?? 0;
    arrivals.add(batch.count, bytes);
    batch.release();
  }
  await arrivals.all();
  await driver.close();
}
