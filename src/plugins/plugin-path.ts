import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What `plugin.path` names, looked through. */
export interface PluginPath {
  /** Modules to import: absolute paths and names of packages. */
  readonly modules: readonly string[];
  /** What is there and cannot be a plugin here. */
  readonly ignored: readonly { readonly path: string; readonly why: string }[];
}

const code = /\.(m?js|m?ts)$/;

/**
 * The modules of a plugin path. Each element is a folder whose modules and packages are plugins, such a package, one module, or the name of an
 * npm package.
 */
export async function pluginPath(elements: readonly string[], startedIn: string = process.cwd()): Promise<PluginPath> {
  const modules: string[] = [];
  const ignored: { path: string; why: string }[] = [];
  for (const element of elements.map((each) => each.trim()).filter((each) => each !== '')) {
    const path = resolve(startedIn, element);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) {
      if (isPackageName(element)) modules.push(element);
      else ignored.push({ path, why: 'there is no such file or folder' });
    } else if (found.isFile()) await take(path);
    else if (await entryOf(path)) await take(path);
    else for (const name of (await readdir(path)).toSorted()) if (!name.startsWith('.')) await take(join(path, name));
  }
  return { modules: [...new Set(modules)], ignored };

  async function take(path: string): Promise<void> {
    const isFile = (await stat(path)).isFile();
    const entry = isFile ? (code.test(path) && !path.endsWith('.d.ts') ? path : undefined) : await entryOf(path);
    if (entry !== undefined) modules.push(entry);
    else ignored.push({ path, why: whyNot(path, isFile) });
  }
}

const isPackageName = (element: string): boolean => /^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(element);

function whyNot(path: string, isFile: boolean): string {
  if (/\.(jar|zip)$/.test(path)) return 'Java plugins do not run here: use the plugin of Sluice or of npm that does the same';
  return isFile ? 'it is no JavaScript module' : 'it has neither a package.json with a module nor an index.js';
}

/** The module that a folder stands for: what its package.json says, else its index. */
async function entryOf(folder: string): Promise<string | undefined> {
  const named = await readFile(join(folder, 'package.json'), 'utf8').then(mainOf, () => undefined);
  for (const candidate of [...(named === undefined ? [] : [named]), 'index.js', 'index.mjs', 'index.ts']) {
    const path = join(folder, candidate);
    if ((await stat(path).catch(() => undefined))?.isFile()) return path;
  }
  return undefined;
}

function mainOf(text: string): string | undefined {
  const { exports, module, main } = parsed(text);
  return exportOf(exports) ?? (typeof module === 'string' ? module : undefined) ?? (typeof main === 'string' ? main : undefined);
}

/** The condition for imports of the package itself. */
function exportOf(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const conditions = exports as Readonly<Record<string, unknown>>;
  return exportOf(conditions['.'] ?? conditions['import'] ?? conditions['default']);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
