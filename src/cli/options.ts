import { type Command, InvalidArgumentError } from 'commander';

/** Options that several commands share, under the same names and with the same words. */
const withData = (command: Command): Command => command.option('--data <DIR>', 'folder of the embedded broker', '.sluice');

/** For commands that work with Kafka too. */
export const withBroker = (command: Command): Command =>
  withData(command)
    .option('--bootstrap <HOST:PORT>', 'brokers of a Kafka cluster, instead of the embedded broker')
    .option('--command-config <FILE>', 'properties of a Kafka client, such as security.protocol, sasl.* and ssl.*; with --bootstrap');

export const withJson = (command: Command): Command => command.option('--json', 'print JSON, one object a line');

/** For commands that take plugins from elsewhere. */
export const withPluginPath = (command: Command): Command =>
  command.option('--plugin-path <PATHS>', 'folders, modules and npm packages with plugins of your own, separated by commas', '');

/** Parses a positive whole number; digits may be grouped with `_`. */
export function wholeNumber(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1 up.');
  return value;
}

/** Parses a partition number. */
export function partitionNumber(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Expected a whole number from 0 up.');
  return value;
}

/** Collects `--config key=value`, repeated. */
export function keyValue(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected KEY=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
