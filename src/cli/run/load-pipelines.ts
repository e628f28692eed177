import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConfigFile } from '../../config/config-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import { SluiceError } from '../../errors/error-table.ts';
import { shareHostModules } from '../../plugins/host-resolver.ts';
import type { Runnable } from '../../worker/compiled-of.ts';
import { isObject, isRunnable } from './is-runnable.ts';
import { loadDocument } from './load-document.ts';
import { stateWithoutWorker, withoutWorker } from './without-worker.ts';

/**
 * What a file asks to run: the default export of a module (one pipeline, or an array), a pipeline or an array of them as JSON, or a connector
 * as JSON or properties.
 *
 * `tell` is told what of it has no effect without a worker.
 */
export async function loadPipelines(file: string, tell: (sentence: string) => void = () => undefined): Promise<readonly Runnable[]> {
  const path = resolve(file);
  if (!existsSync(path)) throw cliErrors.PIPELINE_FILE_MISSING({ file });
  if (!/\.[cm]?[jt]s$/.test(path)) {
    const { pipelines, initialState } = await loadDocument(file);
    withoutWorker(file, pipelines, tell);
    if (initialState === 'PAUSED' || initialState === 'STOPPED') tell(stateWithoutWorker(file, initialState));
    return pipelines;
  }
  // What cannot be read is told by the module loader in words of its own.
  await readConfigFile('pipeline', file, 'utf8');
  const exported = await defaultExport(file, path);
  const pipelines: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  if (pipelines.length === 0 || !pipelines.every(isRunnable)) throw cliErrors.PIPELINE_FILE_INVALID({ file, found: kindOf(exported) });
  withoutWorker(file, pipelines, tell);
  return pipelines;
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

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array that holds something else';
  if (isObject(value)) return 'to' in value ? 'a pipeline that has no sink yet' : 'an object';
  return value === null ? 'null' : `a ${typeof value}`;
}
