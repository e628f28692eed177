import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DriverError } from '../../../src/kafka/driver.ts';
import type { ConnectionLog } from '../../../src/kafka/kafkajs/cluster.ts';
import { openLink } from '../../../src/kafka/kafkajs/link.ts';
import { connectionSettings } from '../../../src/kafka/kafkajs/settings.ts';
import { PASSWORD } from './certificates.ts';
import { describeKafka } from './describe-kafka.ts';
import { type SecureBroker, startSecureBroker, USER } from './secure-broker.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';

type Listener = Parameters<SecureBroker['address']>[0];
type Properties = Readonly<Record<string, string>>;

const MINUTES = 60_000;
const quoted = (text: string): string => `"${text.replaceAll('"', '\\"')}"`;
const plain = (password = USER.password): Properties => ({
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': 'PLAIN',
  'sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required username="${USER.name}" password=${quoted(password)};`,
});
const scram = (mechanism: string, password = USER.password): Properties => ({
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': mechanism,
  'sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="${USER.name}" password=${quoted(password)};`,
});

describeKafka('a client that logs in or encrypts', () => {
  let secure: SecureBroker;
  let tokens: TokenServer;
  beforeAll(async () => {
    [secure, tokens] = await Promise.all([startSecureBroker(), startTokenServer('worker', 'client secret')]);
  }, 10 * MINUTES);
  afterAll(async () => {
    await tokens?.close();
    await secure?.close();
  });

  const oauth = (secret = 'client secret'): Properties => ({
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.token.endpoint.url': tokens.url,
    'sasl.jaas.config': `org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="worker" clientSecret="${secret}";`,
  });
  const trust = (): Properties => ({
    'security.protocol': 'SSL',
    'ssl.truststore.location': secure.authority.pkcs12,
    'ssl.truststore.password': PASSWORD,
  });
  const trustPem = (): Properties => ({
    'security.protocol': 'SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': secure.authority.pem,
  });

  /** Ids of the brokers that a client with these properties finds. */
  async function connect(listener: Listener, properties: Properties, log?: ConnectionLog): Promise<unknown> {
    const servers = { 'bootstrap.servers': secure.address(listener), 'retry.backoff.ms': '10', 'retry.backoff.max.ms': '10' };
    const link = await openLink(connectionSettings({ ...servers, ...properties }), log);
    return Promise.resolve(link.cluster.getNodeIds().map(Number)).finally(() => link.close());
  }

  describe('is let in', () => {
    const ways: readonly [string, Listener, () => Properties][] = [
      ['by PLAIN', 'LOGIN', () => plain()],
      ['by SCRAM-SHA-256', 'LOGIN', () => scram('SCRAM-SHA-256')],
      ['by SCRAM-SHA-512', 'LOGIN', () => scram('SCRAM-SHA-512')],
      ['by a token of an OAuth server', 'LOGIN', () => oauth()],
      ['by PLAIN over TLS', 'LOGIN_TLS', () => ({ ...trust(), ...plain(), 'security.protocol': 'SASL_SSL' })],
      ['by SCRAM-SHA-512 over TLS', 'LOGIN_TLS', () => ({ ...trust(), ...scram('SCRAM-SHA-512'), 'security.protocol': 'SASL_SSL' })],
      ['when it trusts by a PKCS12 store', 'TLS', trust],
      ['when it trusts by a PEM file', 'TLS', trustPem],
      ['when it trusts by a PEM text', 'TLS', () => ({ 'security.protocol': 'SSL', 'ssl.truststore.certificates': secure.authority.text })],
      [
        'with a certificate of a PKCS12 store',
        'MUTUAL',
        () => ({ ...trust(), 'ssl.keystore.location': secure.client.pkcs12, 'ssl.keystore.password': PASSWORD }),
      ],
      [
        'with a certificate of a PEM file',
        'MUTUAL',
        () => ({ ...trustPem(), 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': secure.client.pem }),
      ],
      [
        'with a certificate of a PEM text',
        'MUTUAL',
        () => ({ ...trustPem(), 'ssl.keystore.key': secure.client.keyText, 'ssl.keystore.certificate.chain': secure.client.chainText }),
      ],
      ['with TLS 1.2 alone', 'TLS', () => ({ ...trust(), 'ssl.enabled.protocols': 'TLSv1.2' })],
      ['at another host, when it does not compare names', 'ELSEWHERE', () => ({ ...trust(), 'ssl.endpoint.identification.algorithm': '' })],
    ];
    test.each(ways)('%s', async (_, listener, properties) => {
      expect(await connect(listener, properties())).toEqual([1]);
    });
  });

  describe('is told what to change', () => {
    const mistakes: readonly [
      string,
      Listener,
      () => Properties,
      { readonly code: string; readonly kind: string; readonly says: RegExp },
    ][] = [
      ['a wrong password of PLAIN', 'LOGIN', () => plain('wrong'), { code: 'LOGIN', kind: 'auth', says: /password in sasl\.jaas\.config/ }],
      [
        'a wrong password of SCRAM',
        'LOGIN',
        () => scram('SCRAM-SHA-512', 'wrong'),
        { code: 'LOGIN', kind: 'auth', says: /password in sasl\.jaas\.config/ },
      ],
      [
        'an unknown authority',
        'TLS',
        () => ({ 'security.protocol': 'SSL' }),
        { code: 'UNTRUSTED', kind: 'auth', says: /ssl\.truststore\.location/ },
      ],
      ['another host name', 'ELSEWHERE', trust, { code: 'HOST_NAME', kind: 'auth', says: /ssl\.endpoint\.identification\.algorithm/ }],
      [
        'an expired certificate',
        'EXPIRED',
        trust,
        { code: 'CERTIFICATE_TIME', kind: 'auth', says: /has expired.* ssl\.truststore\.location/ },
      ],
      ['no certificate of its own', 'MUTUAL', trust, { code: 'CLIENT_CERTIFICATE', kind: 'auth', says: /ssl\.keystore\.location/ }],
      [
        'a version of TLS that is too old',
        'TLS',
        () => ({ ...trust(), 'ssl.enabled.protocols': 'TLSv1.1' }),
        { code: 'TLS_VERSION', kind: 'auth', says: /ssl\.enabled\.protocols/ },
      ],
      ['plain text to TLS', 'TLS', () => ({}), { code: 'CLOSED', kind: 'retriable', says: /security\.protocol/ }],
      ['no login where one is needed', 'LOGIN', () => ({}), { code: 'CLOSED', kind: 'retriable', says: /security\.protocol/ }],
      ['a login in plain text to TLS', 'LOGIN_TLS', () => plain(), { code: 'CLOSED', kind: 'retriable', says: /security\.protocol/ }],
      ['a login where none is taken', 'PLAINTEXT', () => plain(), { code: 'NO_LOGIN', kind: 'auth', says: /security\.protocol/ }],
      ['TLS to plain text', 'PLAINTEXT', trust, { code: 'HANDSHAKE_CUT', kind: 'retriable', says: /security\.protocol/ }],
    ];
    test.each(mistakes)('%s', async (_, listener, properties, { code, kind, says }) => {
      const error = await connect(listener, properties()).then(undefined, (failed: DriverError) => failed);
      expect(error).toMatchObject({ name: 'DriverError', kind, cause: { code: `KAFKA_CONNECTION_${code}` } });
      expect((error as DriverError).message).toMatch(says);
      expect((error as DriverError).message).toContain(secure.address(listener));
      expect((error as DriverError).message).not.toContain(USER.password);
    });

    test('a wrong secret of the OAuth server', async () => {
      await expect(connect('LOGIN', oauth('wrong'))).rejects.toThrow(
        `No token from ${tokens.url}: it answered 401. Check sasl.oauthbearer.token.endpoint.url, and clientId and clientSecret in sasl.jaas.config.`,
      );
    });

    test('a certificate that is refused is not shown again', async () => {
      let attempts = 0;
      const log: ConnectionLog = (_, message) => {
        if (message.startsWith('Failed to connect to seed broker')) attempts++;
      };
      await expect(connect('EXPIRED', trust(), log)).rejects.toThrow('certificate has expired');
      expect(attempts).toBe(1);
    });

    test('nobody at the address', async () => {
      const nobody = { 'bootstrap.servers': '127.0.0.1:1' };
      await expect(connect('PLAINTEXT', nobody)).rejects.toThrow(
        /^Connecting to broker 127\.0\.0\.1:1 failed: connect ECONNREFUSED.* Check bootstrap\.servers/,
      );
    });
  });
});
