import { className, list, password, string } from '../sdk/config-kinds.ts';

const optional = { default: null };

/** Keys of TLS connections, as Kafka's clients name them. */
export const tlsKeys = {
  'ssl.protocol': string({ default: 'TLSv1.3', doc: 'Protocol of TLS connections.' }),
  'ssl.provider': string({ ...optional, doc: 'Provider of TLS.' }),
  'ssl.cipher.suites': list({ ...optional, importance: 'low', doc: 'Cipher suites that may be used.' }),
  'ssl.enabled.protocols': list({ default: ['TLSv1.2', 'TLSv1.3'], doc: 'Protocols that may be used.' }),
  'ssl.keystore.type': string({ default: 'JKS', doc: 'Format of the key store.' }),
  'ssl.keystore.location': string({ ...optional, importance: 'high', doc: 'File of the key store.' }),
  'ssl.keystore.password': password({ ...optional, importance: 'high', doc: 'Password of the key store.' }),
  'ssl.keystore.key': password({ ...optional, importance: 'high', doc: 'Private key as PEM.' }),
  'ssl.keystore.certificate.chain': password({ ...optional, importance: 'high', doc: 'Certificates as PEM.' }),
  'ssl.key.password': password({ ...optional, importance: 'high', doc: 'Password of the private key.' }),
  'ssl.truststore.type': string({ default: 'JKS', doc: 'Format of the trust store.' }),
  'ssl.truststore.location': string({ ...optional, importance: 'high', doc: 'File of the trust store.' }),
  'ssl.truststore.password': password({ ...optional, importance: 'high', doc: 'Password of the trust store.' }),
  'ssl.truststore.certificates': password({ ...optional, importance: 'high', doc: 'Trusted certificates as PEM.' }),
  'ssl.keymanager.algorithm': string({ default: 'SunX509', importance: 'low', doc: 'Algorithm of the key manager.' }),
  'ssl.trustmanager.algorithm': string({ default: 'PKIX', importance: 'low', doc: 'Algorithm of the trust manager.' }),
  'ssl.endpoint.identification.algorithm': string({ default: 'https', importance: 'low', doc: 'How the name of a server is checked.' }),
  'ssl.secure.random.implementation': string({ ...optional, importance: 'low', doc: 'Source of random numbers.' }),
  'ssl.engine.factory.class': className({ ...optional, importance: 'low', doc: 'Factory of TLS engines.' }),
} as const;
