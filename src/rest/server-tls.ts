import type { ServerOptions } from 'node:https';
import { tlsKeys } from '../config/tls-keys.ts';
import { connectKeys } from '../config/worker-keys.ts';
import { settingsErrors } from '../errors/settings.ts';
import { tlsErrors } from '../errors/tls.ts';
import { config } from '../sdk/config-definition.ts';
import type { Password } from '../sdk/password.ts';
import { tlsOptions } from '../tls/tls-options.ts';
import type { Listener } from './listeners.ts';

const definition = config({ ...tlsKeys, 'ssl.client.auth': connectKeys['ssl.client.auth'] });

/** What is asked of a client before it may say anything: a certificate, one if it has it, or nothing. */
const clientAuth: Readonly<Record<'required' | 'requested' | 'none', ServerOptions>> = {
  required: { requestCert: true, rejectUnauthorized: true },
  requested: { requestCert: true, rejectUnauthorized: false },
  none: { requestCert: false },
};

/**
 * TLS of the listeners that a setting lists: `<key>.https.ssl.*` where there are such settings, and then only those, else `ssl.*`.
 *
 * Fails when a store cannot be used or there is none.
 */
export function serverTls(originals: Readonly<Record<string, string>>, listener: Listener): ServerOptions {
  const { prefix, settings: raw } = tlsSettings(originals, listener.key);
  const { value, problems } = definition.parse(raw, prefix);
  if (value === undefined) throw settingsErrors.WORKER_INVALID({ file: 'TLS of REST', problems });
  const secret = (password: Password | null): string | undefined => password?.reveal();
  const text = (given: string | null): string | undefined => given ?? undefined;
  if (value['ssl.keystore.location'] === null && value['ssl.keystore.key'] === null) {
    throw tlsErrors.NO_KEY({ listener: listener.text, name: `${prefix}ssl.keystore.location` });
  }
  const options = tlsOptions(
    {
      'ssl.truststore.location': text(value['ssl.truststore.location']),
      'ssl.truststore.password': secret(value['ssl.truststore.password']),
      'ssl.truststore.certificates': secret(value['ssl.truststore.certificates']),
      'ssl.keystore.location': text(value['ssl.keystore.location']),
      'ssl.keystore.password': secret(value['ssl.keystore.password']),
      'ssl.keystore.key': secret(value['ssl.keystore.key']),
      'ssl.keystore.certificate.chain': secret(value['ssl.keystore.certificate.chain']),
      'ssl.key.password': secret(value['ssl.key.password']),
      'ssl.enabled.protocols': value['ssl.enabled.protocols'],
      'ssl.cipher.suites': value['ssl.cipher.suites'] ?? undefined,
    },
    prefix,
  );
  return { ...options, ...clientAuth[value['ssl.client.auth']] };
}

function tlsSettings(originals: Readonly<Record<string, string>>, key: string) {
  const prefix = `${key}.https.`;
  const own = Object.entries(originals).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : []));
  if (own.length > 0) return { prefix, settings: Object.fromEntries(own) as Readonly<Record<string, string>> };
  return { prefix: '', settings: originals };
}
