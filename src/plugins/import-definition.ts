import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shareHostModules } from './host-resolver.ts';

/**
 * What a package or a file (`./x.js`, `/x.js`, `file:…`) exports by default, if it is of this kind.
 *
 * Throws an Error whose message says why it cannot be used, in a form that fits behind a colon.
 */
export async function importDefinition<D extends { readonly kind: string }>(name: string, kind: D['kind']): Promise<D> {
  shareHostModules(import.meta.url);
  const isPath = /^\.{0,2}\//.test(name);
  const module: { readonly default?: unknown } = await import(isPath ? pathToFileURL(resolve(name)).href : name);
  if (!isOfKind<D>(module.default, kind)) throw new Error(`its default export is no ${kind.replace('-', ' ')}`);
  return module.default;
}

const isOfKind = <D>(value: unknown, kind: string): value is D =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
