import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { cliErrors } from '../../errors/cli.ts';
import { hashPassword } from '../../rest/extensions/secret-hash.ts';
import { loginName } from './login-name.ts';

/** `USER:HASH` of a password that is read from standard input; on a terminal it is asked for, and not shown. */
export async function passwordLine(user: string): Promise<string> {
  const name = loginName(user);
  const password = await readPassword(name);
  if (password === '') throw cliErrors.NO_PASSWORD({ user: name });
  return `${name}:${await hashPassword(password)}`;
}

async function readPassword(user: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY === true;
  if (terminal) process.stderr.write(`Password of ${user}: `);
  const lines = createInterface({ input: process.stdin, output: silent, terminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (terminal) process.stderr.write('\n');
  }
}
