import type { Command } from 'commander';
import type { BrokerAt } from '../broker.ts';
import { wholeNumber, withBroker } from '../options.ts';

/** `sluice quickstart`: the main job, from nothing. */
export function addQuickstart(sluice: Command): void {
  const command = sluice
    .command('quickstart')
    .description('carry a file of lines through a topic into another file, measure it, and prove both files equal')
    .option('--file <PATH>', 'your own input instead of a generated one')
    .option('--lines <N>', 'lines to generate', wholeNumber, 1_000_000)
    .option('--keep', 'keep files, topic and connector configs in DIR/quickstart');
  withBroker(command)
    .addHelpText(
      'after',
      '\nExamples:\n  sluice quickstart\n  sluice quickstart --file access.log --keep\n  sluice quickstart --lines 10_000_000\n  sluice quickstart --bootstrap localhost:9092',
    )
    .action(async ({ file, lines, keep = false, ...at }: BrokerAt & { file?: string; lines: number; keep?: boolean }) => {
      const { quickstart } = await import('../quickstart/quickstart.ts');
      process.exitCode = await quickstart({ file, lines, keep, ...at });
    });
}
