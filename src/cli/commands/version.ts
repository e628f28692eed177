import { createRequire } from 'node:module';
import type { Command } from 'commander';

/** `sluice version`: of Sluice and of the Node.js that runs it. */
export function addVersion(sluice: Command): void {
  sluice
    .command('version')
    .description('print the versions of Sluice and of Node.js')
    .action(() => {
      const { version } = createRequire(import.meta.url)('sluice/package.json') as { version: string };
      process.stdout.write(`sluice ${version} (Node.js ${process.version})\n`);
    });
}
