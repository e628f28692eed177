import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { readConnectorFile } from '../../config/connector-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import { javaClassOfError } from '../../errors/java-class-of-error.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import { registryWith } from '../../plugins/registry-with.ts';
import type { ConnectRecord } from '../../record/record.ts';
import type { RawConfig } from '../../sdk/config.ts';
import { type RecordTransformer, recordTransformer } from '../../testing/transform-record.ts';
import { pluginsOf } from '../plugins/plugins-on-path.ts';
import { exitCode } from '../report.ts';
import { type Attempt, attemptJson, attemptLines, kept } from './attempt-text.ts';
import { type RecordDefaults, readRecord } from './read-record.ts';

export interface TryOptions {
  readonly topic?: string | undefined;
  readonly json: boolean;
  /** Folders, modules and packages with further plugins, separated by commas. */
  readonly pluginPath?: string;
  readonly input: Readable;
  readonly out: Writable;
}

/** Prints what the transforms of a connector file make of each line of the input; answers the exit code. */
export async function tryRecords(file: string, { topic, json, pluginPath = '', input, out }: TryOptions): Promise<number> {
  const { config } = await readConnectorFile(file);
  const plugins = await pluginsOf(pluginPath);
  const transformer = await recordTransformer(config, { plugins }).catch((error: unknown) => {
    throw cliErrors.TRY_CONFIG({ file, reason: error instanceof Error ? error.message : String(error) }, error);
  });
  if ((config['transforms'] ?? '').trim() === '') process.stderr.write(`${file} names no transforms: records pass unchanged.\n`);
  const defaults = defaultsOf(config, topic, registryWith(plugins));
  const counts = new Map<Attempt['result'], number>();
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    const attempt = attemptOf(text, transformer, defaults, line);
    counts.set(attempt.result, (counts.get(attempt.result) ?? 0) + 1);
    if (!out.write(json ? attemptJson(attempt) : attemptLines(attempt, out))) await once(out, 'drain');
  }
  if (!json) process.stderr.write(`${Array.from(counts, ([result, count]) => `${count} ${result}`).join(', ') || 'no records'}\n`);
  return counts.has('failed') || counts.has('unreadable') ? exitCode.failure : exitCode.ok;
}

/** A class that is not installed here may be tried, too: a config with topics is a sink's. */
function defaultsOf(config: RawConfig, topic: string | undefined, registry: PluginRegistry): RecordDefaults {
  const kinds = registry.kindsOf(String(config['connector.class'] ?? '').trim());
  const consumed =
    kinds.includes('sink') === kinds.includes('source') ? 'topics' in config || 'topics.regex' in config : kinds.includes('sink');
  const [first] = String(config[consumed ? 'topics' : 'topic'] ?? '').split(',');
  return { topic: topic ?? (first?.trim() || 'try'), consumed };
}

function attemptOf(text: string, transformer: RecordTransformer, defaults: RecordDefaults, line: number): Attempt {
  let before: ConnectRecord;
  try {
    before = readRecord(text, defaults, line - 1);
  } catch (error) {
    return { line, result: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
  const { records, failure } = transformer.attempt(before);
  if (failure !== undefined) {
    const { transform, error } = failure;
    const message = error instanceof Error ? error.message : String(error);
    return { line, result: 'failed', transform, error: javaClassOfError(error) ?? 'Error', message };
  }
  const [after] = records;
  return after === undefined ? { line, result: 'dropped' } : kept(line, before, after);
}
