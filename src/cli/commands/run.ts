import type { Command } from 'commander';
import type { BrokerAt } from '../broker.ts';
import { wholeNumber, withBroker, withPluginPath } from '../options.ts';

/** `sluice run FILE…`: pipelines in this process, until Ctrl-C or their end. */
export function addRun(sluice: Command): void {
  const command = sluice
    .command('run')
    .description('run the pipelines of modules or connector configs in this process, until Ctrl-C')
    .argument(
      '<FILE...>',
      'modules whose default export is a pipeline or an array of them; pipelines as JSON; connectors (properties or JSON)',
    )
    .option('--stop-timeout <MS>', 'how long a drain may take', wholeNumber, 5_000);
  withPluginPath(withBroker(command))
    .addHelpText(
      'after',
      '\nThere is no worker: files of its settings, references to config providers and restarts are for sluice standalone. A connector without' +
        '\nconverters has JsonConverter, as there; with --bootstrap it names them itself.' +
        '\nThe first Ctrl-C (or SIGTERM) drains: what is in flight is delivered and committed. The second ends at once: it repeats next time.' +
        '\nProgress goes to standard error: a line on a terminal, JSON lines otherwise.' +
        '\n\nExamples:\n  sluice run pipeline.ts\n  sluice run source.json sink.json --data /var/lib/sluice\n  sluice run source.json --bootstrap localhost:9092' +
        '\n  sluice run source.json --bootstrap localhost:9093 --command-config client.properties' +
        '\n  sluice run source.json --plugin-path ./my-transform.ts,@acme/sluice-http',
    )
    .action(
      async (files: readonly string[], { stopTimeout, pluginPath, ...at }: BrokerAt & { stopTimeout: number; pluginPath: string }) => {
        const { runFiles } = await import('../run/run-files.ts');
        process.exitCode = await runFiles(files, { at, pluginPath, stopTimeoutMs: stopTimeout });
      },
    );
}
