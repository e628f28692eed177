import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext, type SecureVersion } from 'node:tls';
import { kafkaErrors } from '../../errors/kafka.ts';
import { certificatesOf } from './pkcs12.ts';
import type { Values } from './setting.ts';
import type { tlsTable } from './settings-table.ts';

type TlsSettings = Values<typeof tlsTable>;

const JKS_MAGIC = 0xfeedfeed;
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const satisfies readonly SecureVersion[];

/** Node's TLS options for Java's `ssl.*`; reads the stores. A store that cannot be used is an error that names its property. */
export function tlsOptions(settings: TlsSettings): ConnectionOptions {
  const versions = VERSIONS.filter((version) => settings['ssl.enabled.protocols'].includes(version));
  const [minVersion, maxVersion] = [versions[0], versions.at(-1)];
  const ciphers = settings['ssl.cipher.suites'];
  const options: ConnectionOptions = {
    ...trust(settings),
    ...identity(settings),
    ...(minVersion === undefined || maxVersion === undefined ? {} : { minVersion, maxVersion }),
    ...(ciphers === undefined ? {} : { ciphers: ciphers.join(':') }),
    ...(settings['ssl.endpoint.identification.algorithm'] === '' ? { checkServerIdentity: () => undefined } : {}),
  };
  checked('ssl.keystore', settings['ssl.keystore.location'], () => createSecureContext(options));
  return options;
}

function trust(settings: TlsSettings): ConnectionOptions {
  const inline = settings['ssl.truststore.certificates'];
  if (inline !== undefined) return { ca: certificates('ssl.truststore.certificates', inline) };
  const file = settings['ssl.truststore.location'];
  if (file === undefined) return {};
  const store = open('ssl.truststore', file);
  if (isPem(store)) return { ca: certificates('ssl.truststore.location', store.toString()) };
  const ca = checked('ssl.truststore', file, () => certificatesOf(store, settings['ssl.truststore.password'] ?? ''));
  if (ca.length === 0) throw kafkaErrors.TLS_STORE({ name: 'ssl.truststore.location', file, reason: 'it holds no certificate' });
  return { ca: [...ca] };
}

function identity(settings: TlsSettings): ConnectionOptions {
  const key = settings['ssl.keystore.key'];
  const chain = settings['ssl.keystore.certificate.chain'];
  const keyPassword = settings['ssl.key.password'];
  if (key !== undefined && chain !== undefined) return { key, cert: chain, ...passphrase(keyPassword) };
  const file = settings['ssl.keystore.location'];
  if (file === undefined) return {};
  const store = open('ssl.keystore', file);
  if (isPem(store)) return { key: store, cert: store, ...passphrase(keyPassword) };
  return { pfx: store, ...passphrase(settings['ssl.keystore.password'] ?? keyPassword) };
}

const passphrase = (password: string | undefined): ConnectionOptions => (password === undefined ? {} : { passphrase: password });

const isPem = (store: Buffer): boolean => store.includes('-----BEGIN ');

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificates(name: string, pem: string): string[] {
  const found = pem.match(PEM_CERTIFICATE) ?? [];
  if (found.length === 0) throw kafkaErrors.TLS_STORE({ name, file: undefined, reason: 'it holds no certificate in PEM' });
  for (const certificate of found) checked(name, undefined, () => new X509Certificate(certificate));
  return found;
}

function open(store: 'ssl.keystore' | 'ssl.truststore', file: string): Buffer {
  const bytes = checked(store, file, () => readFileSync(file));
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === JKS_MAGIC) throw kafkaErrors.TLS_JKS({ name: `${store}.location`, file });
  return bytes;
}

function checked<T>(name: string, file: string | undefined, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const property = name === 'ssl.keystore' || name === 'ssl.truststore' ? `${name}.location` : name;
    throw kafkaErrors.TLS_STORE({ name: property, file, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}
