import type { Command } from 'commander';
import { withJson, withPluginPath } from '../options.ts';

const help = `
Each line of standard input is a record:
  {"id":1,"name":"Ada"}                                the value, any JSON, without schema
  {"value":{"id":1},"key":"k","topic":"orders"}        an object with value and nothing but these members: topic, partition, offset,
                                                       timestamp (ms), key, value, headers
  "headers":{"h":"1"}  or  [{"key":"h","value":"1"}]   the second form where a name occurs twice
  {"schema":{"type":"int32"},"payload":5}              in the place of a key, value or header: one with a schema, as JsonConverter writes it
A value that is such an object itself is wrapped: {"value":{"value":1}}.

Shown is what the transforms of the config changed: ~ other, + new, - gone; or that the record is dropped, or which transform failed and why.
--json prints one object per record: line, result (changed, unchanged, dropped, failed, unreadable), and record or error; records as in the input.
The exit code is 1 when a record failed or could not be read.

Examples:
  sluice try sink.json < records.jsonl
  echo '{"id":1}' | sluice try sink.json --topic orders
  echo '{"id":1}' | sluice try sink.json --plugin-path ./my-transform.ts
  sluice topics read orders | sluice try sink.json --json | jq .record.value`;

/** `sluice try FILE`: what the transforms of a connector config make of records, without a broker. */
export function addTry(sluice: Command): void {
  const command = sluice
    .command('try')
    .description('show what the transforms of a connector config make of records')
    .argument('<FILE>', 'connector config: JSON or properties')
    .option('--topic <TOPIC>', 'topic of records that name none (default: the first of the config)');
  withJson(withPluginPath(command))
    .addHelpText('after', help)
    .action(async (file: string, { topic, json = false, pluginPath }: { topic?: string; json?: boolean; pluginPath: string }) => {
      const { tryRecords } = await import('../try/try-records.ts');
      process.exitCode = await tryRecords(file, { topic, json, pluginPath, input: process.stdin, out: process.stdout });
    });
}
