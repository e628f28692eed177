import { type Command, Option } from 'commander';
import type { Level } from '../../telemetry/log.ts';
import { keyValue } from '../options.ts';
import { endProcess } from '../worker-end.ts';

interface Flags {
  readonly data?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly logLevel: Level;
}

/** `sluice standalone`: a worker of one process, as Connect's `connect-standalone`. */
export function addStandalone(sluice: Command): void {
  sluice
    .command('standalone')
    .description('run connectors in a worker of one process, with REST')
    .argument('[FILES...]', 'properties of the worker, then connectors (properties or JSON)')
    .option('--data <DIR>', 'folder of the embedded broker (data.dir; default: .sluice)')
    .option('--set <KEY=VALUE>', 'a setting of the worker (repeat for more)', keyValue)
    .addOption(
      new Option('--log-level <LEVEL>', 'what is logged').choices(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    )
    .addHelpText(
      'after',
      `
Without bootstrap.servers it runs on an embedded broker, which keeps topics, offsets and connectors in the data folder.
Settings may also come from the environment: CONNECT_OFFSET_FLUSH_INTERVAL_MS is offset.flush.interval.ms.

Examples:
  sluice standalone source.properties sink.json
  sluice standalone worker.properties source.properties
  sluice standalone --set listeners=http://127.0.0.1:9000 --data ./data`,
    )
    .action(async (files: readonly string[], { data, set = {}, logLevel }: Flags, command: Command) => {
      const { growSlowly } = await import('../standalone/lean-start.ts');
      growSlowly();
      const { runStandalone } = await import('../standalone/run-standalone.ts');
      const debug = command.optsWithGlobals()['debug'] === true || Boolean(process.env['SLUICE_DEBUG']);
      const settings = data === undefined ? set : { ...set, 'data.dir': data };
      endProcess(await runStandalone({ files, settings, logLevel, debug }));
    });
}
