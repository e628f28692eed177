import { pathToFileURL } from 'node:url';
import { pluginErrors } from '../errors/plugins.ts';
import type { AnyDefinition, PluginKind } from '../graph/graph.ts';
import { shareHostModules } from './host-resolver.ts';
import { entryOf, type PluginEntry } from './plugin-entry.ts';

const kinds: ReadonlySet<unknown> = new Set<PluginKind>(['source', 'sink', 'operator', 'predicate', 'converter']);
/** How long a module may wait for something while it is imported. */
const importMs = 10_000;

/** What happens while modules are imported, one after another. */
export interface Imports {
  /** Before each: whoever watches knows which one is to blame when nothing more is heard. */
  begins?(module: string): void;
  failed(error: Error, module: string): void;
}

/**
 * The plugins that modules export: URLs, absolute paths or names of packages.
 *
 * Imports them. One that cannot be imported is reported, and does not keep the others away.
 */
export async function moduleEntries(modules: readonly string[], { begins, failed }: Imports): Promise<readonly PluginEntry[]> {
  if (modules.length > 0) shareHostModules(import.meta.url);
  const entries: PluginEntry[] = [];
  for (const module of modules) {
    begins?.(module);
    try {
      const exported = await within(importMs, import(specifierOf(module)));
      const found = Object.values(exported).filter(isDefinition);
      if (found.length === 0) throw new Error('it exports no plugin');
      entries.push(...found.map((definition) => entryOf(module, definition)));
    } catch (error) {
      failed(pluginErrors.NO_MODULE({ module, why: error instanceof Error ? error.message : String(error) }, error), module);
    }
  }
  return entries;
}

async function within(ms: number, importing: Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it still waited for something after ${ms} ms`)), ms);
  });
  try {
    return (await Promise.race([importing, late])) as Readonly<Record<string, unknown>>;
  } finally {
    clearTimeout(timer);
  }
}

const specifierOf = (module: string): string => (module.startsWith('/') ? pathToFileURL(module).href : module);

/** Operators, sources and sinks are functions with the members of a definition. */
const isDefinition = (value: unknown): value is AnyDefinition =>
  (typeof value === 'function' || (typeof value === 'object' && value !== null)) &&
  'kind' in value &&
  kinds.has(value.kind) &&
  'name' in value &&
  'config' in value;
