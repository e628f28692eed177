import type { Command } from 'commander';
import { packageVersion } from '../package-version.ts';

/** `sluice version`: of Sluice and of the Node.js that runs it. */
export function addVersion(sluice: Command): void {
  sluice
    .command('version')
    .description('print the versions of Sluice and of Node.js')
    .addHelpText('after', '\nExample:\n  sluice version')
    .action(() => {
      process.stdout.write(`sluice ${packageVersion()} (Node.js ${process.version})\n`);
    });
}
