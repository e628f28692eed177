import { type Command, Option } from 'commander';

/** `sluice password` and `sluice token`: lines of the files that say who may call REST. */
export function addLogins(sluice: Command): void {
  sluice
    .command('password')
    .description('make a line of basic.auth.users.file; reads the password from standard input')
    .argument('<USER>', 'name of the user')
    .addHelpText(
      'after',
      `
The worker needs rest.extension.classes=basic-auth and basic.auth.users.file.

Example:
  sluice password ada >> users.txt`,
    )
    .action(async (user: string) => {
      const { passwordLine } = await import('../logins/password-line.ts');
      process.stdout.write(`${await passwordLine(user)}\n`);
    });
  sluice
    .command('token')
    .description('make a bearer token: the token on standard error, the line of bearer.tokens.file on standard output')
    .argument('<NAME>', 'who it is for')
    .addOption(new Option('--role <ROLE>', 'what it allows').choices(['admin', 'read-only']).default('read-only'))
    .addHelpText(
      'after',
      `
The worker needs rest.extension.classes=bearer-tokens and bearer.tokens.file.

Example:
  sluice token dashboard --role read-only >> tokens.txt`,
    )
    .action(async (name: string, { role }: { readonly role: string }) => {
      const { hashToken, newToken } = await import('../../rest/extensions/secret-hash.ts');
      const { loginName } = await import('../logins/login-name.ts');
      const token = newToken();
      process.stdout.write(`${loginName(name)}:${role}:${hashToken(token)}\n`);
      process.stderr.write(`${token}\n`);
    });
}
