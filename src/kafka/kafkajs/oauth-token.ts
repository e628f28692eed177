import { kafkaErrors } from '../../errors/kafka.ts';

export interface ClientCredentials {
  readonly endpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
  readonly timeoutMs: number;
}

/** Renewed when this part of its life is over, as Java's client does. */
const RENEW_AFTER = 0.8;

/** Gives tokens of an OAuth server by client credentials; one token serves every connection for most of its life. */
export function oauthTokens(credentials: ClientCredentials, now: () => number = Date.now): () => Promise<{ readonly value: string }> {
  let token: { readonly value: string; readonly renewAt: number } | undefined;
  return async () => {
    if (token === undefined || now() >= token.renewAt) token = await request(credentials, now);
    return { value: token.value };
  };
}

async function request(credentials: ClientCredentials, now: () => number): Promise<{ value: string; renewAt: number }> {
  const { endpoint, clientId, clientSecret, scope, timeoutMs } = credentials;
  const refused = (reason: string, cause?: unknown) => kafkaErrors.OAUTH({ endpoint, reason }, cause);
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`, accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw refused(cause instanceof Error ? cause.message : String(cause), cause);
  });
  if (!answer.ok) throw refused(`it answered ${answer.status}`);
  const body: unknown = await answer.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null || !('access_token' in body) || typeof body.access_token !== 'string') {
    throw refused('its answer has no access_token');
  }
  const seconds = 'expires_in' in body && typeof body.expires_in === 'number' ? body.expires_in : 0;
  return { value: body.access_token, renewAt: now() + seconds * 1000 * RENEW_AFTER };
}
