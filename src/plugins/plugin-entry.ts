import type { AnyDefinition, DefinitionOf, PluginKind } from '../graph/graph.ts';
import type { ConverterRole } from '../sdk/converter.ts';
import { connectVersion } from './connect-version.ts';

/** A plugin that is known but not imported yet: its names, and how to get its definition. */
export interface PluginEntry<K extends PluginKind = PluginKind> {
  readonly kind: K;
  /** The plugin's own name. */
  readonly name: string;
  /** Java class names and other names that mean it. */
  readonly aliases: readonly string[];
  /** `undefined`: it comes with the package. */
  readonly module?: string;
  /** Absent: it does not say, or comes with the package. */
  readonly version?: string;
  /** Converters only: what it converts. Default: everything. */
  readonly roles?: readonly ConverterRole[];
  load(): Promise<DefinitionOf[K]>;
}

/** A plugin that is imported already; `module` tells where it is from. */
export const entryOf = (module: string, definition: AnyDefinition): PluginEntry => ({
  kind: definition.kind,
  name: definition.name,
  aliases: definition.aliases ?? [],
  module,
  ...(definition.version === undefined ? {} : { version: definition.version }),
  ...('roles' in definition && definition.roles !== undefined ? { roles: definition.roles } : {}),
  load: async () => definition,
});

/** The Java class that a plugin stands for. */
export const javaClassOf = ({ aliases }: Pick<PluginEntry, 'aliases'>): string | undefined => aliases.find((alias) => alias.includes('.'));

/** What a configuration calls a plugin: its Java class, else its own name. */
export const classNameOf = (entry: PluginEntry): string => javaClassOf(entry) ?? entry.name;

/** What comes with the package stands for the class of Connect in its version, so that a configuration that asks for that version has it. */
export const versionOf = ({ module, version }: PluginEntry): string | null => version ?? (module === undefined ? connectVersion : null);

/** Suffixes that Connect leaves out of a class' simple name to make its alias. */
const suffixes: Readonly<Record<PluginKind, readonly string[]>> = {
  source: ['Connector'],
  sink: ['Connector'],
  operator: ['Transformation'],
  predicate: ['Predicate'],
  converter: ['HeaderConverter', 'Converter'],
};

/** Every name that may stand for a plugin, unless another plugin of its kind has it too: `name` and `aliases` as they are, and Connect's aliases. */
export const namesOf = ({ kind, name, aliases }: PluginEntry): readonly string[] => [
  ...new Set([name, ...aliases, ...aliases.flatMap((alias) => connectAliases(kind, alias))]),
];

/** `org.apache.kafka.connect.file.FileStreamSourceConnector` → `FileStreamSourceConnector`, `FileStreamSource`. Nested classes have none. */
function connectAliases(kind: PluginKind, javaClass: string): readonly string[] {
  const dot = javaClass.lastIndexOf('.');
  if (dot === -1 || javaClass.includes('$')) return [];
  const simple = javaClass.slice(dot + 1);
  const suffix = suffixes[kind].find((candidate) => simple.endsWith(candidate) && simple !== candidate);
  return suffix === undefined ? [simple] : [simple, simple.slice(0, -suffix.length)];
}
