import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

const runs = (command: string, option: string): boolean => spawnSync(command, [option], { stdio: 'ignore' }).status === 0;

function missing(): string | undefined {
  if (!runs('java', '-version')) return 'Java is missing';
  if (!runs('mvn', '-version')) return 'Maven is missing';
  return runs('openssl', 'version') ? undefined : 'OpenSSL is missing';
}

/** Tests against a real broker. Where Java, Maven or OpenSSL is missing they are skipped by name, and in CI they run and fail. */
export function describeKafka(name: string, tests: () => void): void {
  const reason = process.env['CI'] === 'true' ? undefined : missing();
  if (reason === undefined) describe(name, tests);
  else describe.skipIf(true)(`${name} (skipped: ${reason})`, tests);
}
