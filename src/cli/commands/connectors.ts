import { type Command, InvalidArgumentError } from 'commander';
import type { Expanded, Status } from '../connectors/show-connectors.ts';
import { keyValue, partitionNumber, withJson } from '../options.ts';

interface Flags {
  readonly url: string;
  readonly json?: boolean;
}

const defaultUrl = 'http://127.0.0.1:8083';

/** `sluice ls | status | pause | resume | stop | restart | delete | config`: the connectors of a running worker, over its REST. */
export function addConnectors(sluice: Command): void {
  addList(sluice);
  addStatus(sluice);
  addChange(sluice, 'pause', 'pause a connector and its tasks', 'PUT', 'Pausing');
  addChange(sluice, 'resume', 'resume a paused or stopped connector', 'PUT', 'Resuming');
  addChange(sluice, 'stop', 'stop a connector: its tasks end, its config and offsets stay', 'PUT', 'Stopped');
  addRestart(sluice);
  addDelete(sluice);
  addConfig(sluice);
}

const withUrl = (command: Command): Command =>
  command.option(
    '--url <URL>',
    'REST of the worker; a login may stand in it (http://USER:PASSWORD@HOST:PORT, or http://:TOKEN@HOST:PORT)',
    urlText,
    defaultUrl,
  );

function urlText(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) throw new InvalidArgumentError(`Expected something like ${defaultUrl}.`);
  return text;
}

const ask = async ({ url }: Flags) => (await import('../connectors/client.ts')).client(url);

/** Paths are those of the connector. */
const about = async (name: string, flags: Flags) => (await import('../connectors/ask-about.ts')).askAbout(await ask(flags), name);

function addList(sluice: Command): void {
  const command = sluice
    .command('ls')
    .description('list the connectors of a worker')
    .addHelpText('after', '\nExamples:\n  sluice ls\n  sluice ls --url http://worker:8083 --json | jq \'select(.state == "FAILED")\'');
  withJson(withUrl(command)).action(async (flags: Flags) => {
    const { connectorRows } = await import('../connectors/show-connectors.ts');
    const { withoutLogin } = await import('../connectors/client.ts');
    const { printTable } = await import('../print-table.ts');
    const all = (await (await ask(flags))('GET', '/connectors?expand=status&expand=info')) as Readonly<Record<string, Expanded>>;
    printTable(process.stdout, connectorRows(all), { json: flags.json ?? false });
    if (Object.keys(all).length === 0 && !flags.json) process.stderr.write(`There are no connectors at ${withoutLogin(flags.url)}.\n`);
  });
}

function addStatus(sluice: Command): void {
  const command = sluice
    .command('status')
    .description('show the state of a connector and its tasks')
    .argument('<NAME>')
    .addHelpText('after', '\nExamples:\n  sluice status orders\n  sluice status orders --json | jq .tasks');
  withJson(withUrl(command)).action(async (name: string, flags: Flags) => {
    const { failures, statusRows } = await import('../connectors/show-connectors.ts');
    const { printTable } = await import('../print-table.ts');
    const status = (await (await about(name, flags))('GET', '/status')) as Status;
    if (flags.json) return printTable(process.stdout, [status], { json: true });
    printTable(process.stdout, statusRows(status), { json: false });
    process.stdout.write(failures(status));
  });
}

function addChange(sluice: Command, verb: string, description: string, method: 'PUT', done: string): void {
  const command = sluice
    .command(verb)
    .description(description)
    .argument('<NAME>')
    .addHelpText('after', `\nExample:\n  sluice ${verb} orders`);
  withUrl(command).action(async (name: string, flags: Flags) => {
    await (await about(name, flags))(method, `/${verb}`);
    process.stderr.write(`${done} ${name}.\n`);
  });
}

interface RestartFlags extends Flags {
  readonly task?: number;
  readonly includeTasks?: boolean;
  readonly onlyFailed?: boolean;
}

function addRestart(sluice: Command): void {
  const command = sluice
    .command('restart')
    .description('restart a connector, its tasks, or one task')
    .argument('<NAME>')
    .option('--task <N>', 'restart this task alone', partitionNumber)
    .option('--include-tasks', 'restart the tasks too')
    .option('--only-failed', 'restart what has failed');
  withUrl(command)
    .addHelpText('after', '\nExamples:\n  sluice restart orders --include-tasks --only-failed\n  sluice restart orders --task 0')
    .action(async (name: string, flags: RestartFlags) => {
      const { task, includeTasks = false, onlyFailed = false } = flags;
      const path = task === undefined ? `/restart?includeTasks=${includeTasks}&onlyFailed=${onlyFailed}` : `/tasks/${task}/restart`;
      await (await about(name, flags))('POST', path);
      process.stderr.write(`Restarted ${task === undefined ? name : `task ${task} of ${name}`}.\n`);
    });
}

function addDelete(sluice: Command): void {
  const command = sluice
    .command('delete')
    .description('delete a connector; its offsets stay')
    .argument('<NAME>')
    .addHelpText('after', '\nExample:\n  sluice delete orders');
  withUrl(command).action(async (name: string, flags: Flags) => {
    await (await about(name, flags))('DELETE', '');
    process.stderr.write(`Deleted ${name}.\n`);
  });
}

interface ConfigFlags extends Flags {
  readonly file?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly unset?: readonly string[];
}

function addConfig(sluice: Command): void {
  const command = sluice
    .command('config')
    .description('show the config of a connector, or change it')
    .argument('<NAME>')
    .option(
      '--file <FILE>',
      'create the connector (in its initial_state), or replace its config, from a connector file (properties or JSON)',
    )
    .option('--set <KEY=VALUE>', 'set a key (repeat for more)', keyValue)
    .option('--unset <KEY>', 'remove a key (repeat for more)', (key: string, before: readonly string[] = []) => [...before, key]);
  withJson(withUrl(command))
    .addHelpText(
      'after',
      '\nExamples:\n  sluice config orders --set tasks.max=4 --unset transforms\n  sluice config orders --file orders.json',
    )
    .action(async (name: string, flags: ConfigFlags) => {
      const { changeConfig } = await import('../connectors/change-config.ts');
      const { printTable } = await import('../print-table.ts');
      const tell = (sentence: string) => process.stderr.write(`${sentence}\n`);
      const config = await changeConfig(await ask(flags), name, flags, tell);
      if (flags.json) return printTable(process.stdout, [config], { json: true });
      const rows = Object.entries(config).map(([key, value]) => ({ key, value }));
      printTable(process.stdout, rows, { json: false });
    });
}
