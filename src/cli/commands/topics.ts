import type { Command } from 'commander';
import type { BrokerAt } from '../broker.ts';
import { keyValue, partitionNumber, wholeNumber, withBroker, withJson } from '../options.ts';

/** `sluice topics …`: what the embedded broker of a data folder, or a Kafka cluster, holds. */
export function addTopics(sluice: Command): void {
  const topics = sluice.command('topics').description('list, create, read and write topics of the embedded broker, or of Kafka');
  addList(topics);
  addCreate(topics);
  addRead(topics);
  addWrite(topics);
}

function addList(topics: Command): void {
  const command = topics
    .command('list')
    .description('list topics with their partitions and records')
    .option('--internal', 'internal topics too');
  withJson(withBroker(command))
    .addHelpText(
      'after',
      '\nExamples:\n  sluice topics list\n  sluice topics list --bootstrap localhost:9093 --command-config client.properties',
    )
    .action(async ({ internal = false, json = false, ...at }: BrokerAt & { internal?: boolean; json?: boolean }) => {
      const { listTopics } = await import('../topics/list-topics.ts');
      const { printTable } = await import('../print-table.ts');
      const { readBroker } = await import('../broker.ts');
      await readBroker(at, async (driver) => printTable(process.stdout, await listTopics(driver, internal), { json }));
    });
}

function addCreate(topics: Command): void {
  const command = topics
    .command('create')
    .description('create a topic')
    .argument('<TOPIC>')
    .option('--partitions <N>', 'number of partitions', wholeNumber, 1)
    .option('--config <KEY=VALUE>', 'a topic setting, such as cleanup.policy=compact (repeat for more)', keyValue)
    .addHelpText(
      'after',
      '\nExamples:\n  sluice topics create orders --partitions 4\n  sluice topics create state --config cleanup.policy=compact',
    );
  withBroker(command).action(
    async (topic: string, { partitions, config, ...at }: BrokerAt & { partitions: number; config?: Readonly<Record<string, string>> }) => {
      const { createTopic } = await import('../topics/create-topic.ts');
      const { ownBroker } = await import('../broker.ts');
      await ownBroker(at, (driver) => createTopic(driver, { name: topic, partitions, configs: config ?? {} }));
      process.stdout.write(`Created topic ${topic} with ${partitions} partition${partitions === 1 ? '' : 's'}.\n`);
    },
  );
}

interface ReadFlags extends BrokerAt {
  readonly fromBeginning?: boolean;
  readonly follow?: boolean;
  readonly max?: number;
  readonly key?: boolean;
  readonly headers?: boolean;
  readonly json?: boolean;
}

function addRead(topics: Command): void {
  const command = topics
    .command('read')
    .description('print the last 10 records of each partition; works while a worker owns the folder')
    .argument('<TOPIC>')
    .option('--from-beginning', 'print all records')
    .option('--follow', 'wait for more')
    .option('--max <N>', 'end after N records', wholeNumber)
    .option('--key', 'print the key before the value, separated by a tab')
    .option('--headers', 'print the headers first, separated by a tab');
  withJson(withBroker(command))
    .addHelpText(
      'after',
      '\nExamples:\n  sluice topics read orders --from-beginning --max 5\n  sluice topics read orders --follow --json | jq .value',
    )
    .action(async (topic: string, { data, bootstrap, commandConfig, ...flags }: ReadFlags) => {
      const { readTopic } = await import('../topics/read-topic.ts');
      const { printRecords } = await import('../topics/print-records.ts');
      const { readBroker } = await import('../broker.ts');
      const { fromBeginning = false, follow = false, max = Number.POSITIVE_INFINITY, key = false, headers = false, json = false } = flags;
      const print = printRecords(process.stdout, { key, headers, json });
      await readBroker({ data, bootstrap, commandConfig }, (driver) => readTopic(driver, { topic, fromBeginning, follow, max }, print));
    });
}

function addWrite(topics: Command): void {
  const command = topics
    .command('write')
    .description('append each line of standard input as a record')
    .argument('<TOPIC>')
    .option('--key-separator <TEXT>', 'what stands before it in a line is the key')
    .option('--partition <N>', 'partition to write to (default: by key; without keys in turn)', partitionNumber);
  withBroker(command)
    .addHelpText(
      'after',
      "\nExamples:\n  seq 3 | sluice topics write numbers\n  echo 'alice:42' | sluice topics write scores --key-separator :",
    )
    .action(
      async (topic: string, { data, bootstrap, commandConfig, ...flags }: BrokerAt & { keySeparator?: string; partition?: number }) => {
        const { writeTopic } = await import('../topics/write-topic.ts');
        const { ownBroker } = await import('../broker.ts');
        const count = await ownBroker({ data, bootstrap, commandConfig }, (driver) =>
          writeTopic(driver, { topic, ...flags }, process.stdin),
        );
        process.stderr.write(`${count.toLocaleString('en')} ${count === 1 ? 'record' : 'records'} written to ${topic}\n`);
      },
    );
}
