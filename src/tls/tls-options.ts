import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';
import { tlsErrors } from '../errors/tls.ts';
import { certificatesOf } from './pkcs12.ts';

/** Java's `ssl.*`, parsed; what is absent is `undefined`. */
export interface TlsSettings {
  readonly 'ssl.truststore.location': string | undefined;
  readonly 'ssl.truststore.password': string | undefined;
  readonly 'ssl.truststore.certificates': string | undefined;
  readonly 'ssl.keystore.location': string | undefined;
  readonly 'ssl.keystore.password': string | undefined;
  readonly 'ssl.keystore.key': string | undefined;
  readonly 'ssl.keystore.certificate.chain': string | undefined;
  readonly 'ssl.key.password': string | undefined;
  readonly 'ssl.enabled.protocols': readonly string[];
  readonly 'ssl.cipher.suites': readonly string[] | undefined;
}

type Store = 'ssl.keystore' | 'ssl.truststore';

const JKS_MAGIC = 0xfeedfeed;
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const satisfies readonly SecureVersion[];

/**
 * Node's options for Java's `ssl.*`, of a client or a server; reads the stores.
 *
 * A store that cannot be used is a `TLS_STORE` or `TLS_JKS` that names its property, with `prefix` before it.
 */
export function tlsOptions(settings: TlsSettings, prefix = ''): SecureContextOptions {
  const stores = new Stores(settings, prefix);
  const versions = VERSIONS.filter((version) => settings['ssl.enabled.protocols'].includes(version));
  const [minVersion, maxVersion] = [versions[0], versions.at(-1)];
  const ciphers = settings['ssl.cipher.suites'];
  const options: SecureContextOptions = {
    ...stores.trust(),
    ...stores.identity(),
    ...(minVersion === undefined || maxVersion === undefined ? {} : { minVersion, maxVersion }),
    ...(ciphers === undefined ? {} : { ciphers: ciphers.join(':') }),
  };
  stores.checked('ssl.keystore.location', settings['ssl.keystore.location'], () => createSecureContext(options));
  return options;
}

/** The stores that settings name, each as Node takes it. */
class Stores {
  readonly #settings: TlsSettings;
  readonly #prefix: string;

  constructor(settings: TlsSettings, prefix: string) {
    this.#settings = settings;
    this.#prefix = prefix;
  }

  trust(): SecureContextOptions {
    const inline = this.#settings['ssl.truststore.certificates'];
    if (inline !== undefined) return { ca: this.#certificates('ssl.truststore.certificates', inline) };
    const file = this.#settings['ssl.truststore.location'];
    if (file === undefined) return {};
    const store = this.#open('ssl.truststore', file);
    if (isPem(store)) return { ca: this.#certificates('ssl.truststore.location', store.toString()) };
    const password = this.#settings['ssl.truststore.password'] ?? '';
    const ca = this.checked('ssl.truststore.location', file, () => certificatesOf(store, password));
    if (ca.length === 0) throw this.#unusable('ssl.truststore.location', file, 'it holds no certificate');
    return { ca: [...ca] };
  }

  identity(): SecureContextOptions {
    const { 'ssl.keystore.key': key, 'ssl.keystore.certificate.chain': chain, 'ssl.key.password': keyPassword } = this.#settings;
    if (key !== undefined && chain !== undefined) return { key, cert: chain, ...passphrase(keyPassword) };
    const file = this.#settings['ssl.keystore.location'];
    if (file === undefined) return {};
    const store = this.#open('ssl.keystore', file);
    if (isPem(store)) return { key: store, cert: store, ...passphrase(keyPassword) };
    return { pfx: store, ...passphrase(this.#settings['ssl.keystore.password'] ?? keyPassword) };
  }

  checked<T>(name: string, file: string | undefined, read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw this.#unusable(name, file, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  #unusable(name: string, file: string | undefined, reason: string, cause?: unknown): Error {
    return tlsErrors.STORE({ name: `${this.#prefix}${name}`, file, reason }, cause);
  }

  #certificates(name: string, pem: string): string[] {
    const found = pem.match(PEM_CERTIFICATE) ?? [];
    if (found.length === 0) throw this.#unusable(name, undefined, 'it holds no certificate in PEM');
    for (const certificate of found) this.checked(name, undefined, () => new X509Certificate(certificate));
    return found;
  }

  #open(store: Store, file: string): Buffer {
    const bytes = this.checked(`${store}.location`, file, () => readFileSync(file));
    const isJks = bytes.length >= 4 && bytes.readUInt32BE(0) === JKS_MAGIC;
    if (isJks) throw tlsErrors.JKS({ name: `${this.#prefix}${store}.location`, file });
    return bytes;
  }
}

const passphrase = (password: string | undefined): SecureContextOptions => (password === undefined ? {} : { passphrase: password });

const isPem = (store: Buffer): boolean => store.includes('-----BEGIN ');

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
