import { Command, CommanderError } from 'commander';
import { addConnectors } from './commands/connectors.ts';
import { addDistributed } from './commands/distributed.ts';
import { addLogins } from './commands/logins.ts';
import { addPlugins } from './commands/plugins.ts';
import { addQuickstart } from './commands/quickstart.ts';
import { addRun } from './commands/run.ts';
import { addStandalone } from './commands/standalone.ts';
import { addTopics } from './commands/topics.ts';
import { addTry } from './commands/try.ts';
import { addVersion } from './commands/version.ts';
import { exitCode, report } from './report.ts';

/** Runs one command line; what it answers is the exit code. Commands load what they need when they run, so that starting stays cheap. */
export async function program(argv: readonly string[]): Promise<number> {
  try {
    await commandLine().parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? exitCode.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    report(error, argv.includes('--debug') || Boolean(process.env.SLUICE_DEBUG));
    return exitCode.failure;
  }
}

/** All commands. What is wrong with a use of them is thrown. */
export function commandLine(): Command {
  const sluice = new Command('sluice')
    .description('A stream-processing runtime on RxJS operators, and a drop-in alternative to Apache Kafka Connect.')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .option('--debug', 'show stack traces of errors (also: SLUICE_DEBUG=1)')
    .exitOverride();
  const commands = [
    addQuickstart,
    addRun,
    addStandalone,
    addDistributed,
    addConnectors,
    addTopics,
    addTry,
    addPlugins,
    addLogins,
    addVersion,
  ];
  for (const add of commands) add(sluice);
  addHelp(sluice);
  sayWhereHelpIs(sluice, 'sluice');
  return sluice;
}

/** Commander's own answers an unknown command with the general help, and does not name it. */
function addHelp(sluice: Command): void {
  sluice
    .command('help')
    .description('show help of a command')
    .argument('[COMMAND...]')
    .addHelpText('after', '\nExample:\n  sluice help topics read')
    .action((path: readonly string[]) => {
      let shown = sluice;
      for (const name of path) {
        const found = shown.commands.find((command) => command.name() === name || command.aliases().includes(name));
        if (found === undefined) return shown.error(`error: unknown command '${name}'`, { exitCode: exitCode.usage });
        shown = found;
      }
      return shown.help();
    });
}

/** After a wrong use of a command: its own help. */
function sayWhereHelpIs(command: Command, name: string): void {
  command.showHelpAfterError(`(${name} --help shows what there is)`);
  for (const each of command.commands) sayWhereHelpIs(each, `${name} ${each.name()}`);
}
