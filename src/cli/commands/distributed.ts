import { type Command, Option } from 'commander';
import type { Level } from '../../telemetry/log.ts';
import { keyValue } from '../options.ts';
import { endProcess } from '../worker-end.ts';

interface Flags {
  readonly set?: Readonly<Record<string, string>>;
  readonly logLevel: Level;
}

/** `sluice distributed`: a worker of a cluster, as Connect's `connect-distributed`. */
export function addDistributed(sluice: Command): void {
  sluice
    .command('distributed')
    .description('run connectors in a worker whose state is on topics of Kafka, with REST')
    .argument('[WORKER.properties]', 'properties of the worker')
    .option('--set <KEY=VALUE>', 'a setting of the worker (repeat for more)', keyValue)
    .addOption(
      new Option('--log-level <LEVEL>', 'what is logged').choices(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    )
    .addHelpText(
      'after',
      `
Configs, offsets and statuses are kept as Kafka Connect keeps them: it can take over what a cluster of Connect has left, and the other way
round. It is a cluster of one: it does not start while the group.id has another worker, be it Connect's.
Settings may also come from the environment: CONNECT_OFFSET_FLUSH_INTERVAL_MS is offset.flush.interval.ms.

Examples:
  sluice distributed connect-distributed.properties
  sluice distributed worker.properties --set listeners=http://127.0.0.1:9000`,
    )
    .action(async (file: string | undefined, { set = {}, logLevel }: Flags) => {
      const { runDistributed } = await import('../distributed/run-distributed.ts');
      endProcess(await runDistributed({ ...(file === undefined ? {} : { file }), settings: set, logLevel }));
    });
}
