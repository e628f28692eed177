import type { DefinitionOf, PluginKind } from '../graph/graph.ts';
import type { KnownPlugin, PluginCatalog } from '../graph/validation/plugin-classes.ts';
import { findConnector } from '../graph/validation/validate-connector.ts';
import type { RawConfig } from '../sdk/config.ts';
import { classNameOf, javaClassOf, namesOf, type PluginEntry, versionOf } from './plugin-entry.ts';
import type { PluginRegistry } from './registry.ts';

/** Whether Connect's tools are told of a plugin: of what comes with the package, only what has a Java class. */
export const isListed = (entry: PluginEntry): boolean => entry.module !== undefined || javaClassOf(entry) !== undefined;

/** Imports the plugins that a connector config and the worker name. What cannot be imported is an answer when it is asked for. */
export async function loadCatalog(registry: PluginRegistry, raw: RawConfig, worker: RawConfig): Promise<PluginCatalog> {
  const names = [...new Set([...namedIn(raw), ...convertersIn(raw), ...convertersIn(worker)])];
  const uses = names.flatMap((name) => entriesNamed(registry, name).map(({ kind, name: own }) => ({ kind, name: own })));
  const own = await registry.load(uses);
  const ownName = (kind: PluginKind, name: string) => entriesNamed(registry, name).find((entry) => entry.kind === kind)?.name ?? name;
  return {
    named: (name) => entriesNamed(registry, name).map(known),
    listed: registry.entries.filter(isListed).map(known),
    find: (kind, name) => own.find(kind, ownName(kind, name)),
  };
}

/** The definition of a config's connector, imported. */
export async function connectorOf(raw: RawConfig, registry: PluginRegistry): Promise<DefinitionOf['source'] | DefinitionOf['sink']> {
  const { kind, className } = findConnector(raw, await loadCatalog(registry, raw, {}));
  return registry.definition(kind as 'source' | 'sink', className);
}

export const known = (entry: PluginEntry): KnownPlugin => ({
  kind: entry.kind,
  className: classNameOf(entry),
  version: versionOf(entry),
  ...(entry.roles === undefined ? {} : { roles: entry.roles }),
});

/** Whoever has the name as its own or as a class of its own goes before those that it abbreviates; an abbreviation of two classes means neither. */
export function entriesNamed({ entries }: PluginRegistry, name: string): readonly PluginEntry[] {
  const exact = entries.filter((entry) => entry.name === name || entry.aliases.includes(name));
  if (exact.length > 0) return exact;
  const short = entries.filter((entry) => namesOf(entry).includes(name));
  return new Set(short.map(classNameOf)).size > 1 ? [] : short;
}

const namedIn = (raw: RawConfig): readonly string[] =>
  Object.entries(raw).flatMap(([key, value]) =>
    key === 'connector.class' || /^(transforms|predicates)\..*\.type$/.test(key) ? textsOf(value) : [],
  );

const convertersIn = (raw: RawConfig): readonly string[] =>
  Object.values({ key: raw['key.converter'], value: raw['value.converter'], header: raw['header.converter'] }).flatMap(textsOf);

const textsOf = (value: unknown): readonly string[] => (typeof value === 'string' ? [value.trim()] : []);
