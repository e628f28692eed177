import { expect, test } from 'vitest';
import { connectionErrors } from '../../../src/errors/kafka-connection.ts';
import { openCluster } from '../../../src/kafka/kafkajs/cluster.ts';
import { connectionFailure, isRefusal } from '../../../src/kafka/kafkajs/connection-failure.ts';
import { driverError } from '../../../src/kafka/kafkajs/send-request.ts';
import { connectionSettings } from '../../../src/kafka/kafkajs/settings.ts';

/** An error as kafkajs makes them. */
const failed = (name: string, message: string, facts: object = {}): Error => Object.assign(new Error(message), { name, ...facts });
const connection = (message: string, code?: string): Error => failed('KafkaJSConnectionError', message, { broker: 'k:9', code });

test('a failure is found behind the errors that wrap it', () => {
  const inner = connection('Connection error: certificate has expired', 'CERT_HAS_EXPIRED');
  const outer = failed('KafkaJSNumberOfRetriesExceeded', 'Connection error: certificate has expired', { cause: inner });
  expect(connectionFailure(outer)).toMatchObject({
    code: 'KAFKA_CONNECTION_CERTIFICATE_TIME',
    facts: { broker: 'broker k:9', reason: 'certificate has expired' },
    cause: outer,
  });
});

test('an alert is known by its number, and told without places in the sources of OpenSSL', () => {
  const text =
    'Connection error: 402DA2ECA07F0000:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:../deps/rec_layer_s3.c:918:SSL alert number 42\n';
  expect(connectionFailure(connection(text, 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE'))).toMatchObject({
    code: 'KAFKA_CONNECTION_CLIENT_CERTIFICATE',
    facts: { reason: 'ssl/tls alert bad certificate' },
  });
});

test('a connection that closes is a wrong protocol only when none was ever open', () => {
  const closed = failed('KafkaJSConnectionClosedError', 'Closed connection', { broker: 'k:9' });
  expect(connectionFailure(closed)).toBeUndefined();
  expect(connectionFailure(closed, { opening: true })).toMatchObject({ code: 'KAFKA_CONNECTION_CLOSED' });
  expect(driverError(closed, 'Fetching')).toMatchObject({ kind: 'retriable', message: 'Fetching failed: Closed connection' });
});

test('certificates, versions and logins are refusals; what may be repaired by itself is not', () => {
  expect(isRefusal(connection('x', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'))).toBe(true);
  expect(isRefusal(connection('x', 'ERR_SSL_NO_PROTOCOLS_AVAILABLE'))).toBe(true);
  expect(isRefusal(failed('KafkaJSSASLAuthenticationError', 'SASL PLAIN authentication failed'))).toBe(true);
  expect(isRefusal(connection('x', 'ECONNREFUSED'))).toBe(false);
  expect(isRefusal(connection('Client network socket disconnected before secure TLS connection was established', 'ECONNRESET'))).toBe(
    false,
  );
});

test('a refused login fails with kind auth, an unreachable broker may be tried again', () => {
  const login = failed('KafkaJSSASLAuthenticationError', 'SASL PLAIN authentication failed');
  expect(driverError(login, 'Metadata').kind).toBe('auth');
  expect(driverError(connection('connect ECONNREFUSED', 'ECONNREFUSED'), 'Metadata').kind).toBe('retriable');
});

test('a mechanism that is not offered, and a token that is refused, are told apart from a wrong password', () => {
  const codes = ['SASL X mechanism is not supported by the server', 'SASL OAUTHBEARER authentication failed: y', 'SASL PLAIN …'].map(
    (message) => connectionFailure(failed('KafkaJSSASLAuthenticationError', message))?.code,
  );
  expect(codes).toEqual(['KAFKA_CONNECTION_MECHANISM', 'KAFKA_CONNECTION_TOKEN', 'KAFKA_CONNECTION_LOGIN']);
});

test('every failure names a client property to look at', () => {
  const messages = Object.values(connectionErrors).map((make) => make({ broker: 'broker k:9', reason: 'r' }).message);
  expect(messages.filter((message) => !/(ssl|sasl|security|bootstrap)\.[a-z.]+/.test(message))).toEqual([]);
});

test('a cluster that was disconnected connects no more, whatever still asks it to', async () => {
  const cluster = openCluster(connectionSettings({ 'bootstrap.servers': '127.0.0.1:1' }));
  await cluster.disconnect();
  await expect(cluster.connect()).rejects.toThrow('The cluster is closed.');
});
