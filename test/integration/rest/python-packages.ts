import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The commands of a Python environment with these packages (`name==version`). The first call installs them; later ones find them. */
export async function pythonWith(...packages: readonly string[]): Promise<(command: string) => string> {
  const key = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), 'sluice-python', key);
  const command = (name: string) => join(folder, 'bin', name);
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    mkdirSync(folder, { recursive: true });
    await run('python3', ['-m', 'venv', '--clear', folder]);
    await run(command('pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
    writeFileSync(complete, '');
  }
  return command;
}
