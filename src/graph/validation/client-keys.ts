import { type ClientKeyRow, securityKeys } from './security-keys.ts';

/** The clients whose settings a connector may override. */
export type Client = 'producer' | 'consumer' | 'admin';

const common: readonly ClientKeyRow[] = [
  ['client.dns.lookup', 'STRING', 'medium', 'use_all_dns_ips'],
  ['send.buffer.bytes', 'INT', 'medium', '131072'],
  ['reconnect.backoff.ms', 'LONG', 'low', '50'],
  ['reconnect.backoff.max.ms', 'LONG', 'low', '1000'],
  ['retry.backoff.ms', 'LONG', 'low', '100'],
  ['retry.backoff.max.ms', 'LONG', 'low', '1000'],
  ['request.timeout.ms', 'INT', 'medium', '30000'],
  ['metadata.max.age.ms', 'LONG', 'low', '300000'],
  ['metrics.sample.window.ms', 'LONG', 'low', '30000'],
  ['metrics.num.samples', 'INT', 'low', '2'],
  ['metrics.recording.level', 'STRING', 'low', 'INFO'],
  ['metric.reporters', 'LIST', 'low', 'org.apache.kafka.common.metrics.JmxReporter'],
  ['socket.connection.setup.timeout.ms', 'LONG', 'medium', '10000'],
  ['socket.connection.setup.timeout.max.ms', 'LONG', 'medium', '30000'],
  ['metadata.recovery.strategy', 'STRING', 'low', 'rebootstrap'],
  ['metadata.recovery.rebootstrap.trigger.ms', 'LONG', 'low', '300000'],
  ['config.providers', 'LIST', 'low', ''],
];

const producer: readonly ClientKeyRow[] = [
  ['bootstrap.servers', 'LIST', 'high'],
  ['enable.metrics.push', 'BOOLEAN', 'low', 'true'],
  ['connections.max.idle.ms', 'LONG', 'medium', '540000'],
  ['interceptor.classes', 'LIST', 'low', ''],
  ['buffer.memory', 'LONG', 'high', '33554432'],
  ['retries', 'INT', 'high', '2147483647'],
  ['acks', 'STRING', 'low', 'all'],
  ['compression.type', 'STRING', 'high', 'none'],
  ['compression.gzip.level', 'INT', 'medium', '-1'],
  ['compression.lz4.level', 'INT', 'medium', '9'],
  ['compression.zstd.level', 'INT', 'medium', '3'],
  ['batch.size', 'INT', 'medium', '16384'],
  ['partitioner.adaptive.partitioning.enable', 'BOOLEAN', 'low', 'true'],
  ['partitioner.availability.timeout.ms', 'LONG', 'low', '0'],
  ['partitioner.ignore.keys', 'BOOLEAN', 'medium', 'false'],
  ['linger.ms', 'LONG', 'medium', '5'],
  ['delivery.timeout.ms', 'INT', 'medium', '120000'],
  ['receive.buffer.bytes', 'INT', 'medium', '32768'],
  ['max.request.size', 'INT', 'medium', '1048576'],
  ['max.block.ms', 'LONG', 'medium', '60000'],
  ['metadata.max.idle.ms', 'LONG', 'low', '300000'],
  ['max.in.flight.requests.per.connection', 'INT', 'low', '5'],
  ['key.serializer', 'CLASS', 'high'],
  ['value.serializer', 'CLASS', 'high'],
  ['partitioner.class', 'CLASS', 'medium', null],
  ['enable.idempotence', 'BOOLEAN', 'low', 'true'],
  ['transaction.timeout.ms', 'INT', 'low', '60000'],
  ['transactional.id', 'STRING', 'low', null],
  ['transaction.two.phase.commit.enable', 'BOOLEAN', 'low', 'false'],
  ['client.id', 'STRING', 'medium', ''],
];

const consumer: readonly ClientKeyRow[] = [
  ['bootstrap.servers', 'LIST', 'high'],
  ['enable.metrics.push', 'BOOLEAN', 'low', 'true'],
  ['connections.max.idle.ms', 'LONG', 'medium', '540000'],
  ['interceptor.classes', 'LIST', 'low', ''],
  ['group.id', 'STRING', 'high', null],
  ['group.instance.id', 'STRING', 'medium', null],
  ['session.timeout.ms', 'INT', 'high', '45000'],
  ['heartbeat.interval.ms', 'INT', 'high', '3000'],
  [
    'partition.assignment.strategy',
    'LIST',
    'medium',
    'class org.apache.kafka.clients.consumer.RangeAssignor,class org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
  ],
  ['enable.auto.commit', 'BOOLEAN', 'medium', 'true'],
  ['auto.commit.interval.ms', 'INT', 'low', '5000'],
  ['client.id', 'STRING', 'low', ''],
  ['client.rack', 'STRING', 'low', ''],
  ['max.partition.fetch.bytes', 'INT', 'high', '1048576'],
  ['fetch.min.bytes', 'INT', 'high', '1'],
  ['fetch.max.bytes', 'INT', 'medium', '52428800'],
  ['fetch.max.wait.ms', 'INT', 'low', '500'],
  ['auto.offset.reset', 'STRING', 'medium', 'latest'],
  ['check.crcs', 'BOOLEAN', 'low', 'true'],
  ['key.deserializer', 'CLASS', 'high'],
  ['value.deserializer', 'CLASS', 'high'],
  ['max.poll.records', 'INT', 'medium', '500'],
  ['max.poll.interval.ms', 'INT', 'medium', '300000'],
  ['exclude.internal.topics', 'BOOLEAN', 'medium', 'true'],
  ['internal.throw.on.fetch.stable.offset.unsupported', 'BOOLEAN', 'low', 'false'],
  ['isolation.level', 'STRING', 'medium', 'read_uncommitted'],
  ['allow.auto.create.topics', 'BOOLEAN', 'medium', 'true'],
  ['group.protocol', 'STRING', 'high', 'classic'],
  ['group.remote.assignor', 'STRING', 'medium', null],
  ['share.acknowledgement.mode', 'STRING', 'medium', 'implicit'],
  ['share.acquire.mode', 'STRING', 'medium', 'BATCH_OPTIMIZED'],
  ['receive.buffer.bytes', 'INT', 'medium', '65536'],
  ['default.api.timeout.ms', 'INT', 'medium', '60000'],
];

const admin: readonly ClientKeyRow[] = [
  ['client.id', 'STRING', 'medium', ''],
  ['receive.buffer.bytes', 'INT', 'medium', '65536'],
  ['default.api.timeout.ms', 'INT', 'medium', '60000'],
  ['bootstrap.servers', 'LIST', 'high', ''],
  ['bootstrap.controllers', 'LIST', 'high', ''],
  ['enable.metrics.push', 'BOOLEAN', 'low', 'false'],
  ['connections.max.idle.ms', 'LONG', 'medium', '300000'],
  ['retries', 'INT', 'low', '2147483647'],
];

/** Every key that Kafka's clients define, by client: what an override may name, and how its text is read. */
export const clientKeys: Readonly<Record<Client, ReadonlyMap<string, ClientKeyRow>>> = {
  producer: byName(producer),
  consumer: byName(consumer),
  admin: byName(admin),
};

function byName(own: readonly ClientKeyRow[]): ReadonlyMap<string, ClientKeyRow> {
  return new Map([...common, ...securityKeys, ...own].map((row) => [row[0], row]));
}
