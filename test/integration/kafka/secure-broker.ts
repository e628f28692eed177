import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, startBroker } from './broker.ts';
import { type Authority, type Identity, makeAuthority, PASSWORD } from './certificates.ts';

/** The user that every mechanism knows; with quotes, since such passwords get lost on the way. */
export const USER = { name: 'alice', password: `it's "hard"` };

const KAFKA = 'org.apache.kafka.common.security';
const listeners = {
  LOGIN: 'SASL_PLAINTEXT',
  LOGIN_TLS: 'SASL_SSL',
  TLS: 'SSL',
  MUTUAL: 'SSL',
  ELSEWHERE: 'SSL',
  EXPIRED: 'SSL',
} as const;

/** A broker with a listener for each way to log in and to encrypt. */
export interface SecureBroker {
  readonly broker: Broker;
  /** Signed the certificates of all listeners, and is trusted by MUTUAL. */
  readonly authority: Authority;
  readonly client: Identity;
  /** `host:port` of a listener. */
  address(listener: keyof typeof listeners | 'PLAINTEXT'): string;
  close(): Promise<void>;
}

export async function startSecureBroker(): Promise<SecureBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-certificates-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const authority = await makeAuthority(folder, 'authority');
    const here = 'DNS:localhost,IP:127.0.0.1';
    const [node, elsewhere, expired, client] = await Promise.all([
      authority.sign('node', here),
      authority.sign('elsewhere', 'DNS:kafka.example.com'),
      authority.sign('expired', here, -1),
      authority.sign('client', 'DNS:client'),
    ]);
    const broker = await startBroker({
      listeners,
      users: [USER],
      properties: {
        ...loginProperties('login'),
        ...loginProperties('login_tls'),
        ...tlsProperties('login_tls', node),
        ...tlsProperties('tls', node),
        ...tlsProperties('mutual', node),
        'listener.name.mutual.ssl.client.auth': 'required',
        'listener.name.mutual.ssl.truststore.type': 'PEM',
        'listener.name.mutual.ssl.truststore.location': authority.pem,
        ...tlsProperties('elsewhere', elsewhere),
        ...tlsProperties('expired', expired),
      },
    });
    const close = async () => {
      await broker.close();
      await remove();
    };
    return { broker, authority, client, address: (listener) => broker.address(listener), close };
  } catch (error) {
    await remove();
    throw error;
  }
}

function loginProperties(listener: string): Record<string, string> {
  const prefix = `listener.name.${listener}`;
  const known = `user_${USER.name}="${USER.password.replaceAll('"', '\\"')}"`;
  return {
    [`${prefix}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [`${prefix}.plain.sasl.jaas.config`]: `${KAFKA}.plain.PlainLoginModule required ${known};`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: `${KAFKA}.scram.ScramLoginModule required;`,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: `${KAFKA}.scram.ScramLoginModule required;`,
    [`${prefix}.oauthbearer.sasl.jaas.config`]: `${KAFKA}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  };
}

const tlsProperties = (listener: string, identity: Identity): Record<string, string> => ({
  [`listener.name.${listener}.ssl.keystore.type`]: 'PKCS12',
  [`listener.name.${listener}.ssl.keystore.location`]: identity.pkcs12,
  [`listener.name.${listener}.ssl.keystore.password`]: PASSWORD,
  [`listener.name.${listener}.ssl.key.password`]: PASSWORD,
});
