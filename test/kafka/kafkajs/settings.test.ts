import { expect, test } from 'vitest';
import { connectionSettings, consumerSettings, producerSettings, unknownProperties } from '../../../src/kafka/kafkajs/settings.ts';

const servers = { 'bootstrap.servers': 'a:9092' };
const login = { ...servers, 'security.protocol': 'SASL_PLAINTEXT' };

test('brokers alone are enough: the rest is as in the Java client', () => {
  expect(connectionSettings({ 'bootstrap.servers': ' a:9092, PLAINTEXT://b:9093,[::1]:9094 ' })).toEqual({
    brokers: ['a:9092', 'b:9093', '[::1]:9094'],
    clientId: 'sluice',
    tls: undefined,
    sasl: undefined,
    connectTimeoutMs: 10_000,
    requestTimeoutMs: 30_000,
    callTimeoutMs: 60_000,
    retryBackoff: { firstMs: 100, mostMs: 1000 },
    connectBackoff: { firstMs: 50, mostMs: 1000 },
    metadataMaxAgeMs: 300_000,
  });
});

test.each([
  ['0', 100],
  ['20', 100],
  ['101', 101],
  ['9007199254740991', 2_147_483_647],
])('metadata is asked for again in time, also with metadata.max.age.ms %s, and not all the time', (text, ms) => {
  expect(connectionSettings({ ...servers, 'metadata.max.age.ms': text }).metadataMaxAgeMs).toBe(ms);
});

test.each([
  ['PLAIN', 'plain.PlainLoginModule', 'plain'],
  ['SCRAM-SHA-256', 'scram.ScramLoginModule', 'scram-sha-256'],
  ['SCRAM-SHA-512', 'scram.ScramLoginModule', 'scram-sha-512'],
])('logs in by %s', (mechanism, module, ours) => {
  const jaas = `org.apache.kafka.common.security.${module} required username="me" password="it's";`;
  expect(connectionSettings({ ...login, 'sasl.mechanism': mechanism, 'sasl.jaas.config': jaas }).sasl).toEqual({
    mechanism: ours,
    username: 'me',
    password: "it's",
  });
});

test.each([
  [{}, /bootstrap.servers is "", and must be host:port/],
  [{ 'bootstrap.servers': 'a' }, /bootstrap.servers is "a"/],
  [{ ...servers, 'request.timeout.ms': '1s' }, /request.timeout.ms is "1s", and must be a whole number/],
  [{ ...servers, 'security.protocol': 'TLS' }, /security.protocol is "TLS", and must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL/],
  [login, /Kerberos \(sasl.mechanism GSSAPI, the default\) is not supported. Set sasl.mechanism to SCRAM-SHA-512/],
  [{ ...login, 'sasl.mechanism': 'PLAIN' }, /sasl.jaas.config cannot be used: it has no username/],
  [{ ...login, 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': 'ScramLoginModule required;' }, /needs PlainLoginModule/],
  [{ ...login, 'sasl.mechanism': 'OAUTHBEARER' }, /sasl.oauthbearer.token.endpoint.url is "", and must be the URL/],
  [{ ...servers, 'sasl.login.class': 'x.Y' }, /sasl.login.class is not supported. Use sasl.mechanism/],
])('%j is an error that names the property and what to do', (properties, message) => {
  expect(() => connectionSettings(properties)).toThrow(message);
});

test('producer settings have the defaults of the Java client, but for larger batches', () => {
  expect(producerSettings({ 'linger.ms': '0', 'compression.type': 'zstd' })).toMatchObject({
    acks: 'all',
    'enable.idempotence': true,
    'compression.type': 'zstd',
    'linger.ms': 0,
    'batch.size': 131_072,
    'transactional.id': undefined,
  });
  expect(() => producerSettings({ acks: '2' })).toThrow(/acks is "2", and must be one of all, -1, 1, 0/);
  expect(() => producerSettings({ 'enable.idempotence': 'yes' })).toThrow(/must be true or false/);
});

test('consumer settings have the defaults of the Java client', () => {
  expect(consumerSettings({ 'check.crcs': 'FALSE' })).toMatchObject({
    'check.crcs': false,
    'isolation.level': 'read_uncommitted',
    'auto.offset.reset': 'latest',
    'max.poll.interval.ms': 300_000,
  });
});

test('properties that no client knows are told', () => {
  const properties = { ...servers, acks: 'all', 'key.serializer': 'x', 'linger.msec': '5', toString: 'x' };
  expect(unknownProperties(properties)).toEqual(['linger.msec', 'toString']);
});

test.each([
  [undefined, ['range', 'cooperative-sticky']],
  ['org.apache.kafka.clients.consumer.CooperativeStickyAssignor', ['cooperative-sticky']],
  ['roundrobin, org.apache.kafka.clients.consumer.RangeAssignor, range', ['roundrobin', 'range']],
])('partition.assignment.strategy %j, by names or the classes of Java', (value, names) => {
  const properties = value === undefined ? {} : { 'partition.assignment.strategy': value };
  expect(consumerSettings(properties)['partition.assignment.strategy']).toEqual(names);
});

test.each(['', 'org.example.Mine', 'range,sticky'])('a strategy that is not known is refused with those that are: %j', (value) => {
  expect(() => consumerSettings({ 'partition.assignment.strategy': value })).toThrow(
    /must be one or more of org.*RangeAssignor, org.*RoundRobinAssignor, org.*CooperativeStickyAssignor/,
  );
});
