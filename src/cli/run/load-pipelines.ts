import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConnectorFile } from '../../config/connector-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import { SluiceError } from '../../errors/error-table.ts';
import { shareHostModules } from '../../plugins/host-resolver.ts';
import type { Runnable } from '../../worker/compiled-of.ts';

/** What a file asks to run: the default export of a module (one pipeline, or an array), or the config of a connector as JSON or properties. */
export async function loadPipelines(file: string): Promise<readonly Runnable[]> {
  const path = resolve(file);
  if (!existsSync(path)) throw cliErrors.PIPELINE_FILE_MISSING({ file });
  const exported = await contentOf(file, path);
  const pipelines: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  if (pipelines.length > 0 && pipelines.every(isRunnable)) return pipelines;
  throw cliErrors.PIPELINE_FILE_INVALID({ file, found: kindOf(exported) });
}

async function contentOf(file: string, path: string): Promise<unknown> {
  if (path.endsWith('.properties')) return (await readConnectorFile(file)).config;
  return path.endsWith('.json') ? parsed(file, path) : defaultExport(file, path);
}

/** Flat, or as Connect's REST API takes it: `{ name, config }`. */
function parsed(file: string, path: string): unknown {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const wrapped = isObject(json) && isObject(json.config) && !('connector.class' in json);
    return wrapped ? { name: json.name, ...(json.config as object) } : json;
  } catch (error) {
    throw cliErrors.PIPELINE_FILE_BROKEN({ file, reason: messageOf(error) }, error);
  }
}

async function defaultExport(file: string, path: string): Promise<unknown> {
  shareHostModules(import.meta.url);
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const reason = messageOf(error);
    const [, name] = /^Cannot find package '([^']+)'/.exec(reason) ?? [];
    throw name === undefined ? cliErrors.PIPELINE_FILE_BROKEN({ file, reason }, error) : cliErrors.PACKAGE_NOT_FOUND({ file, name }, error);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Only so far as to tell a pipeline from something else: the compiler says what is wrong with it. */
const isRunnable = (value: unknown): value is Runnable =>
  isObject(value) && ('graph' in value || 'nodes' in value || 'connector.class' in value);

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array that holds something else';
  if (isObject(value)) return 'to' in value ? 'a pipeline that has no sink yet' : 'an object';
  return value === null ? 'null' : `a ${typeof value}`;
}
