import { kafkaErrors } from '../../errors/kafka.ts';
import { type JaasEntry, parseJaas } from './jaas.ts';
import { oauthTokens } from './oauth-token.ts';
import type { Values } from './setting.ts';
import type { saslTable } from './settings-table.ts';

/** How to log in, in kafkajs's words. */
export type SaslOptions =
  | ReturnType<(typeof logins)[keyof typeof logins]>
  | { readonly mechanism: 'oauthbearer'; readonly oauthBearerProvider: () => Promise<{ readonly value: string }> };

interface Login {
  readonly username: string;
  readonly password: string;
}

const logins = {
  PLAIN: (login: Login) => ({ mechanism: 'plain' as const, ...login }),
  'SCRAM-SHA-256': (login: Login) => ({ mechanism: 'scram-sha-256' as const, ...login }),
  'SCRAM-SHA-512': (login: Login) => ({ mechanism: 'scram-sha-512' as const, ...login }),
};

const modules = {
  PLAIN: 'PlainLoginModule',
  'SCRAM-SHA-256': 'ScramLoginModule',
  'SCRAM-SHA-512': 'ScramLoginModule',
  OAUTHBEARER: 'OAuthBearerLoginModule',
} as const;

export function saslOptions(settings: Values<typeof saslTable>, timeoutMs: number): SaslOptions {
  const mechanism = settings['sasl.mechanism'];
  if (mechanism === 'GSSAPI') throw kafkaErrors.SASL_GSSAPI({});
  const config = settings['sasl.jaas.config'];
  const entry = config === undefined ? undefined : parseJaas(config);
  if (entry !== undefined && entry.module !== modules[mechanism]) {
    throw kafkaErrors.JAAS({
      reason: `the login module ${entry.module} does not fit sasl.mechanism ${mechanism}, which needs ${modules[mechanism]}`,
    });
  }
  if (mechanism === 'OAUTHBEARER') return { mechanism: 'oauthbearer', oauthBearerProvider: oauthProvider(settings, entry, timeoutMs) };
  return logins[mechanism]({ username: option(entry, 'username'), password: option(entry, 'password') });
}

function oauthProvider(settings: Values<typeof saslTable>, entry: JaasEntry | undefined, timeoutMs: number) {
  const endpoint = settings['sasl.oauthbearer.token.endpoint.url'];
  if (endpoint === undefined || !URL.canParse(endpoint)) {
    throw kafkaErrors.SETTING({
      name: 'sasl.oauthbearer.token.endpoint.url',
      value: endpoint ?? '',
      expected: 'the URL of the token server',
    });
  }
  return oauthTokens({
    endpoint,
    clientId: settings['sasl.oauthbearer.client.credentials.client.id'] ?? option(entry, 'clientId'),
    clientSecret: settings['sasl.oauthbearer.client.credentials.client.secret'] ?? option(entry, 'clientSecret'),
    scope: settings['sasl.oauthbearer.scope'] ?? entry?.options['scope'],
    timeoutMs,
  });
}

function option(entry: JaasEntry | undefined, name: string): string {
  const value = entry?.options[name];
  if (value === undefined) throw kafkaErrors.JAAS({ reason: `it has no ${name}` });
  return value;
}
