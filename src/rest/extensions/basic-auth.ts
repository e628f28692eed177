import type { FastifyInstance } from 'fastify';
import { config } from '../../sdk/config-definition.ts';
import { string } from '../../sdk/config-kinds.ts';
import { defineRestExtension } from '../../sdk/rest-extension.ts';
import { readLines } from './line-file.ts';
import { requireLogin } from './login.ts';
import { hashPassword, isPassword, isPasswordHash, KnownPasswords } from './secret-hash.ts';

interface User {
  readonly name: string;
  readonly hash: string;
}

/** HTTP Basic: users of a file, whose passwords are kept as scrypt hashes. */
export const basicAuth = defineRestExtension({
  name: 'basic-auth',
  aliases: ['org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension'],
  summary: 'Asks callers of REST for a user name and a password.',
  config: config({
    'basic.auth.users.file': string({ importance: 'high', doc: 'File with a line USER:HASH for each user; sluice password makes one.' }),
  }),
  async register(server: FastifyInstance, settings) {
    const users = readUsers(settings['basic.auth.users.file']);
    const known = new KnownPasswords();
    // Checked in the place of an unknown user's, so that the time of an answer does not tell who is known.
    const nobody = await hashPassword('');
    requireLogin(server, {
      name: 'Basic',
      async check(credentials) {
        const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
        const hash = users.get(name);
        if (hash !== undefined && known.has(name, password, hash)) return 'admin';
        const isRight = await isPassword(password, hash ?? nobody);
        if (hash === undefined || !isRight) return undefined;
        known.add(name, password, hash);
        return 'admin';
      },
    });
  },
});

function readUsers(file: string): ReadonlyMap<string, string> {
  const users = readLines<User>({ key: 'basic.auth.users.file', file, make: 'sluice password USER' }, (line) => {
    const [, name = '', hash = ''] = /^([^:]+):(.*)$/.exec(line) ?? [];
    return isPasswordHash(hash) ? { name, hash } : 'it is not USER:$scrypt$…';
  });
  return new Map(users.map(({ name, hash }) => [name, hash]));
}
