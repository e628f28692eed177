import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCluster } from '../../../src/kafka/kafkajs/cluster.ts';
import type { Cluster } from '../../../src/kafka/kafkajs/internals.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { fetchRecords } from '../../../src/kafka/kafkajs/requests/fetch.ts';
import { produce } from '../../../src/kafka/kafkajs/requests/produce.ts';
import { sendRequest } from '../../../src/kafka/kafkajs/send-request.ts';
import { connectionSettings } from '../../../src/kafka/kafkajs/settings.ts';
import { decode, encodeBatch, readBatches } from '../../../src/kafka/record-batch/index.ts';
import { contents, expected, samples } from '../../kafka/record-batch/samples.ts';
import { describeKafka } from './describe-kafka.ts';
import { type SharedBroker, sharedBroker } from './shared-broker.ts';

const MINUTES = 60_000;
const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

describeKafka('record batches on a real broker', () => {
  let broker: SharedBroker;
  let cluster: Cluster;
  beforeAll(async () => {
    broker = await sharedBroker();
    cluster = openCluster(connectionSettings({ 'bootstrap.servers': broker.bootstrap }));
    const driver = await openKafka({ bootstrap: broker.bootstrap });
    const configs = { 'message.timestamp.after.max.ms': `${2 ** 50}` };
    const admin = await driver.admin();
    await admin.createTopics([{ name: 'batches', partitions: compressions.length, configs }]);
    // Answered once every partition has a leader that serves.
    const partitions = compressions.map((_, partition) => ({ topic: 'batches', partition }));
    await admin.offsets(partitions, 'latest');
    await driver.close();
    await cluster.connect();
    await cluster.refreshMetadata();
  }, 10 * MINUTES);
  afterAll(async () => {
    await cluster?.disconnect();
  });

  test.each(compressions.map((compression, partition) => ({ compression, partition })))(
    'the broker takes a batch with compression $compression, and gives back its records',
    async ({ compression, partition }) => {
      const node = await cluster.findBroker({ nodeId: 1 });
      const { bytes } = encodeBatch(samples, { now: 0, compression });
      const topics = [{ topic: 'batches', partitions: [{ partition, records: bytes }] }];
      const written = await sendRequest(node, produce, { transactionalId: null, acks: -1, timeoutMs: 5000, topics }, 10_000);
      expect(written?.partitions).toMatchObject([{ topic: 'batches', partition, errorCode: 0, baseOffset: 0, logAppendTime: -1 }]);

      const from = { partition, leaderEpoch: -1, offset: 0, maxBytes: 1_000_000 };
      const limits = { maxWaitMs: 1000, minBytes: 1, maxBytes: 1_000_000, isolation: 'uncommitted' } as const;
      const fetched = await sendRequest(node, fetchRecords, { ...limits, topics: [{ topic: 'batches', partitions: [from] }] }, 10_000);
      const answer = fetched?.partitions[0];
      expect(answer).toMatchObject({ errorCode: 0, highWatermark: 5, lastStableOffset: 5, logStartOffset: 0, aborted: [] });
      const records = answer?.records ?? Buffer.alloc(0);
      expect([...readBatches(records)].map((batch) => batch.compression)).toEqual([compression]);
      expect(contents(decode(records, { topic: 'batches', partition }))).toEqual(expected(samples));
    },
  );

  test("Kafka's own log tool reads every record of them", { timeout: MINUTES }, async () => {
    const data = join(broker.folder, 'data');
    const logs = compressions.map((_, partition) => join(data, `batches-${partition}`));
    const files = logs.flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.log'))
        .map((file) => join(folder, file)),
    );
    const dump = await broker.tool(
      'org.apache.kafka.tools.DumpLogSegments',
      '--deep-iteration',
      '--print-data-log',
      '--files',
      files.join(','),
    );
    expect(dump.match(/isvalid: true/g)).toHaveLength(5);
    expect(dump.match(/compresscodec: \w+/g)).toEqual(compressions.map((compression) => `compresscodec: ${compression}`));
    expect(dump.match(/headerKeys: \[a,b,a,é\]/g)).toHaveLength(5);
    expect(dump.match(/payload: värde 漢字 🎈/g)).toHaveLength(5);
    expect(dump.match(/payload: x{300}/g)).toHaveLength(5);
  });
});
