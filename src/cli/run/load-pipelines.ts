import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cliErrors } from '../../errors/cli.ts';
import { SluiceError } from '../../errors/error-table.ts';
import type { Pipeline } from '../../graph/builder.ts';

/** The pipelines that a module exports by default: one, or an array of them. */
export async function loadPipelines(file: string): Promise<readonly Pipeline[]> {
  const path = resolve(file);
  if (!existsSync(path)) throw cliErrors.PIPELINE_FILE_MISSING({ file });
  const { default: exported } = (await load(file, path)) as { default?: unknown };
  const pipelines: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  if (pipelines.length > 0 && pipelines.every(isPipeline)) return pipelines;
  throw cliErrors.PIPELINE_FILE_INVALID({ file, found: kindOf(exported) });
}

async function load(file: string, path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const [, name] = /^Cannot find package '([^']+)'/.exec(reason) ?? [];
    throw name === undefined ? cliErrors.PIPELINE_FILE_BROKEN({ file, reason }, error) : cliErrors.PACKAGE_NOT_FOUND({ file, name }, error);
  }
}

const isPipeline = (value: unknown): value is Pipeline =>
  typeof value === 'object' && value !== null && 'graph' in value && 'toSpec' in value && typeof value.toSpec === 'function';

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array that holds something else';
  if (typeof value === 'object' && value !== null) return 'to' in value ? 'a pipeline that has no sink yet' : 'an object';
  return value === null ? 'null' : `a ${typeof value}`;
}
