import { Consumer, Producer } from '@platformatic/kafka';
import { Arrivals, inTurns, type Job } from './job.ts';

export async function produce(job: Job): Promise<void> {
  const { topic, idempotent, bootstrap, compression } = job;
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: [bootstrap] });
  await inTurns(job, (values, partition) =>
    producer.send({ idempotent, acks: -1, compression, messages: values.map((value) => ({ topic, partition, value })) }),
  );
  await producer.close();
}

export async function consume(job: Job): Promise<void> {
  const consumer = new Consumer({ clientId: 'bench', groupId: `bench-${process.pid}`, bootstrapBrokers: [job.bootstrap] });
  const stream = await consumer.consume({
    topics: [job.topic],
    mode: 'earliest',
    autocommit: false,
    maxWaitTime: 500,
    highWaterMark: 10_000,
  });
  const arrivals = new Arrivals(job);
  stream.on('data', ({ value }) => arrivals.add(1, value.length));
  await arrivals.all();
  await consumer.close(true);
}
