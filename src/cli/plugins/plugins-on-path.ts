import type { AnyDefinition } from '../../graph/graph.ts';
import { moduleEntries } from '../../plugins/module-entries.ts';
import { pluginPath } from '../../plugins/plugin-path.ts';

/** What `--plugin-path` names. */
export interface PluginsOnPath {
  readonly plugins: readonly AnyDefinition[];
  /** What is there and could not be loaded. */
  readonly failed: readonly { readonly path: string; readonly why: string }[];
}

/** Imports the plugins of folders, modules and packages, separated by commas. */
export async function pluginsOnPath(paths: string): Promise<PluginsOnPath> {
  const { modules, ignored } = await pluginPath(paths.split(','));
  const failed = [...ignored];
  const entries = await moduleEntries(modules, { failed: ({ message }, module) => failed.push({ path: module, why: message }) });
  return { plugins: await Promise.all(entries.map((entry) => entry.load())), failed };
}

/** The same for a command that goes on without what could not be loaded, and says so on standard error. */
export async function pluginsOf(paths: string): Promise<readonly AnyDefinition[]> {
  const { plugins, failed } = await pluginsOnPath(paths);
  for (const { path, why } of failed) process.stderr.write(`nothing to load at ${path} (--plugin-path): ${why}\n`);
  return plugins;
}
