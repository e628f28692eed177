import { nearNames } from '../config/near-names.ts';
import { SluiceError } from '../errors/error-table.ts';
import { pluginErrors } from '../errors/plugins.ts';
import type { DefinitionOf, PluginKind } from '../graph/graph.ts';
import type { Found, PluginLookup, PluginNames } from '../graph/plugin-lookup.ts';
import type { InstalledPlugin } from '../graph/plugin-version.ts';
import { builtins } from './builtins.ts';
import { classNameOf, namesOf, type PluginEntry, versionOf } from './plugin-entry.ts';

/** The plugins of a process: finds them by any of their names and imports them when they are first needed. */
export class PluginRegistry implements PluginNames {
  readonly entries: readonly PluginEntry[];
  readonly #byName: ReadonlyMap<string, readonly PluginEntry[]>;
  readonly #loading = new Map<PluginEntry, Promise<DefinitionOf[PluginKind]>>();

  constructor(entries: readonly PluginEntry[] = builtins) {
    this.entries = entries;
    const byName = new Map<string, PluginEntry[]>();
    for (const entry of entries) {
      for (const name of namesOf(entry)) {
        const key = keyOf(entry.kind, name);
        byName.set(key, [...(byName.get(key) ?? []), entry]);
      }
    }
    this.#byName = byName;
  }

  /** Kinds for which `name` stands: a connector class is a source, a sink, or neither. */
  kindsOf(name: string): readonly PluginKind[] {
    return [...new Set(this.entries.filter((entry) => namesOf(entry).includes(name)).map(({ kind }) => kind))];
  }

  installed(kind: PluginKind, name: string): InstalledPlugin | undefined {
    const [entry, ...others] = this.#candidates(kind, name);
    return entry && others.length === 0 ? { className: classNameOf(entry), version: versionOf(entry) } : undefined;
  }

  /** The one plugin of that kind and name, not imported. Fails when there is none, naming near ones, or more than one. */
  entry(kind: PluginKind, name: string): PluginEntry {
    const found = this.#candidates(kind, name);
    const [first] = found;
    if (first === undefined) throw pluginErrors.UNKNOWN({ kind, name, near: nearNames(name, this.#namesOf(kind)) });
    if (found.length > 1) throw pluginErrors.AMBIGUOUS({ kind, name, candidates: found.map((entry) => entry.name) });
    return first;
  }

  /** Imports plugins and gives the lookup that the compiler asks; what could not be found or imported is an answer there, not a rejection. */
  async load(uses: Iterable<{ readonly kind: PluginKind; readonly name: string }>): Promise<PluginLookup> {
    const found = new Map<string, Found<PluginKind>>();
    await Promise.all(
      Array.from(uses, async ({ kind, name }) => {
        found.set(keyOf(kind, name), await this.#found(kind, name));
      }),
    );
    const find = (kind: PluginKind, name: string) =>
      found.get(keyOf(kind, name)) ?? { error: pluginErrors.UNKNOWN({ kind, name, near: [] }) };
    return { find: find as PluginLookup['find'] };
  }

  /** Imports one plugin. */
  async definition<K extends PluginKind>(kind: K, name: string): Promise<DefinitionOf[K]> {
    const entry = this.entry(kind, name);
    let loading = this.#loading.get(entry);
    if (loading === undefined) {
      loading = entry.load();
      this.#loading.set(entry, loading);
    }
    // The key of the map holds the kind: a source entry gives a source definition.
    return loading as Promise<DefinitionOf[K]>;
  }

  /** Whoever has the name as its own goes before those that it abbreviates. */
  #candidates(kind: PluginKind, name: string): readonly PluginEntry[] {
    const found = this.#byName.get(keyOf(kind, name)) ?? [];
    const own = found.find((entry) => entry.name === name || entry.aliases.includes(name));
    return own ? [own] : found;
  }

  async #found(kind: PluginKind, name: string): Promise<Found<PluginKind>> {
    try {
      return { definition: await this.definition(kind, name) };
    } catch (error) {
      if (error instanceof SluiceError) return { error };
      return { error: pluginErrors.BROKEN({ kind, name, why: error instanceof Error ? error.message : String(error) }, error) };
    }
  }

  #namesOf(kind: PluginKind): readonly string[] {
    return this.entries.filter((entry) => entry.kind === kind).flatMap(namesOf);
  }
}

const keyOf = (kind: PluginKind, name: string): string => `${kind}\n${name}`;
