import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { connectionSettings } from '../../../src/kafka/kafkajs/settings.ts';

// A certificate authority, and a key and certificate of localhost by it, in every format; the password is "changeit".
const path = (name: string): string => new URL(`fixtures/${name}`, import.meta.url).pathname;
const pem = (name: string): string => readFileSync(path(name), 'utf8');
const options = (properties: Record<string, string>) =>
  connectionSettings({ 'bootstrap.servers': 'localhost:1', 'security.protocol': 'SSL', ...properties }).tls ?? {};
const password = { 'ssl.truststore.password': 'changeit', 'ssl.keystore.password': 'changeit', 'ssl.key.password': 'changeit' };

/** What a server that asks for a certificate of the authority says of a client with these properties. */
async function handshake(properties: Record<string, string>, host = '127.0.0.1'): Promise<string> {
  const server = createServer({
    key: pem('node.key'),
    cert: pem('node.pem'),
    ca: pem('ca.pem'),
    requestCert: true,
    rejectUnauthorized: false,
  });
  const seen = new Promise<string>((resolve) => {
    server.once('secureConnection', (socket: TLSSocket) => {
      resolve(`${socket.authorized ? 'known' : 'unknown'} by ${socket.getProtocol()}`);
      socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const client = connect({ ...options(properties), host: '127.0.0.1', port, servername: host === '127.0.0.1' ? '' : host });
    await new Promise<void>((resolve, reject) => client.once('secureConnect', resolve).once('error', reject));
    client.end();
    return await seen;
  } finally {
    server.close();
  }
}

test.each([
  ['a PKCS12 store of keytool', { 'ssl.truststore.type': 'PKCS12', 'ssl.truststore.location': path('trust.p12') }],
  ['a PKCS12 store with triple DES', { 'ssl.truststore.location': path('trust-3des.p12') }],
  ['a PEM file', { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': path('ca.pem') }],
  ['a PEM text', { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': pem('ca.pem') }],
])('trusts the certificates of %s', async (_name, trust) => {
  expect(await handshake({ ...password, ...trust })).toBe('unknown by TLSv1.3');
});

const trust = { ...password, 'ssl.truststore.location': path('trust.p12') };

test('without a trust store, a certificate of an unknown authority is refused', async () => {
  await expect(handshake({})).rejects.toThrow(/self-signed certificate in certificate chain/);
});

test.each([
  ['a PKCS12 store', { 'ssl.keystore.location': path('node.p12') }],
  ['a PEM file with an encrypted key', { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': path('node-store.pem') }],
  ['a PEM text', { 'ssl.keystore.key': pem('node.key'), 'ssl.keystore.certificate.chain': pem('node.pem') }],
])('shows the certificate of %s', async (_name, key) => {
  expect(await handshake({ ...trust, ...key })).toBe('known by TLSv1.3');
});

test('the name in the certificate must be that of the host, unless the check is switched off', async () => {
  await expect(handshake(trust, 'elsewhere.test')).rejects.toThrow(/does not match/);
  expect(await handshake({ ...trust, 'ssl.endpoint.identification.algorithm': '' }, 'elsewhere.test')).toBe('unknown by TLSv1.3');
});

test('speaks only the versions it is told', async () => {
  expect(await handshake({ ...trust, 'ssl.enabled.protocols': 'TLSv1.2' })).toBe('unknown by TLSv1.2');
});

test.each([
  [
    'JKS',
    { 'ssl.truststore.location': path('trust.jks') },
    /ssl.truststore.location.*JKS.*keytool -importkeystore .*trust\.p12 -deststoretype PKCS12/,
  ],
  ['a missing file', { 'ssl.keystore.location': '/none' }, /\/none \(ssl.keystore.location\) cannot be used: ENOENT/],
  [
    'a wrong password',
    { 'ssl.truststore.location': path('trust.p12'), 'ssl.truststore.password': 'wrong' },
    /trust.p12 .*its password is wrong/,
  ],
  [
    'a wrong key password',
    { 'ssl.keystore.location': path('node.p12'), 'ssl.keystore.password': 'wrong' },
    /node.p12 \(ssl.keystore.location\) cannot be used/,
  ],
  [
    'a cipher of old Java',
    { 'ssl.truststore.location': path('trust-rc2.p12') },
    /encrypted by 1.2.840.113549.1.12.1.6, and AES or triple DES is needed/,
  ],
  ['no store at all', { 'ssl.truststore.location': path('../tls.test.ts') }, /no certificate|is not DER|cut off/],
  [
    'text without a certificate',
    { 'ssl.truststore.certificates': 'hello' },
    /ssl.truststore.certificates cannot be used: it holds no certificate in PEM/,
  ],
])('%s is an error that names the property', (_name, properties, message) => {
  expect(() => options({ ...password, ...properties })).toThrow(message);
});
