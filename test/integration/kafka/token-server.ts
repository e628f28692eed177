import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenServer {
  readonly url: string;
  close(): Promise<void>;
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** An unsigned token, as the validator takes that brokers have by default. */
function unsigned(subject: string): string {
  const now = Math.floor(Date.now() / 1000);
  return `${encode({ alg: 'none' })}.${encode({ sub: subject, iat: now, exp: now + 600 })}.`;
}

/** An OAuth server that gives tokens to this one client, and 401 to others. */
export async function startTokenServer(clientId: string, secret: string): Promise<TokenServer> {
  const expected = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
  const server = createServer((request, response) => {
    const known = request.headers.authorization === expected;
    const answer = known ? { access_token: unsigned(clientId), expires_in: 600 } : { error: 'invalid_client' };
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
