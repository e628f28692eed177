import type { FastifyInstance } from 'fastify';
import { config } from '../../sdk/config-definition.ts';
import { string } from '../../sdk/config-kinds.ts';
import { defineRestExtension } from '../../sdk/rest-extension.ts';
import { readLines } from './line-file.ts';
import { type Role, requireLogin } from './login.ts';
import { hashToken } from './secret-hash.ts';

interface Token {
  readonly role: Role;
  readonly hash: string;
}

/** Bearer tokens of a file, each with a role: `admin` may do everything, `read-only` change nothing. */
export const bearerTokens = defineRestExtension({
  name: 'bearer-tokens',
  summary: 'Asks callers of REST for a token.',
  config: config({
    'bearer.tokens.file': string({ importance: 'high', doc: 'File with a line NAME:ROLE:HASH for each token; sluice token makes one.' }),
  }),
  register(server: FastifyInstance, settings) {
    const roles = readTokens(settings['bearer.tokens.file']);
    // The look-up compares digests, whose timing tells nothing of the token.
    requireLogin(server, { name: 'Bearer', check: async (token) => roles.get(hashToken(token)) });
  },
});

function readTokens(file: string): ReadonlyMap<string, Role> {
  const tokens = readLines<Token>({ key: 'bearer.tokens.file', file, make: 'sluice token NAME' }, (line) => {
    const [, role, hash] = /^[^:]+:(admin|read-only):([0-9a-f]{64})$/.exec(line) ?? [];
    return role !== undefined && hash !== undefined
      ? { role: role as Role, hash }
      : 'it is not NAME:ROLE:HASH with the role admin or read-only';
  });
  return new Map(tokens.map(({ role, hash }) => [hash, role]));
}
