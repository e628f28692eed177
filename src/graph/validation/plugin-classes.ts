import type { ConverterRole } from '../../sdk/converter.ts';
import type { PluginKind } from '../graph.ts';
import type { PluginLookup } from '../plugin-lookup.ts';
import type { InstalledPlugin } from '../plugin-version.ts';

/** What is known of a plugin without importing it. */
export interface KnownPlugin extends InstalledPlugin {
  readonly kind: PluginKind;
  /** Converters only: what it converts. */
  readonly roles?: readonly ConverterRole[];
}

/** The plugins of a worker: those that a configuration names are imported, of the others there is what is known. */
export interface PluginCatalog extends PluginLookup {
  /** Plugins that go by this name, of whatever kind. */
  named(name: string): readonly KnownPlugin[];
  /** What may be recommended, by class. */
  readonly listed: readonly KnownPlugin[];
}

/** What a configuration may ask a class to be. Converters of keys and values are one thing, those of headers another. */
export type Wanted = 'operator' | 'predicate' | 'converter' | 'header-converter';

/** Connect's interfaces, by their simple names. */
const interfaceNames: Readonly<Record<Wanted, string>> = {
  operator: 'Transformation',
  predicate: 'Predicate',
  converter: 'Converter',
  'header-converter': 'HeaderConverter',
};

const connect = 'org.apache.kafka.connect.';

/** Classes of Connect that exist and cannot be created, and what they are. */
const abstractClasses: Readonly<Record<string, { readonly is: readonly Wanted[]; readonly word: 'class' | 'interface' }>> = {
  [`${connect}transforms.Transformation`]: { is: ['operator'], word: 'interface' },
  [`${connect}transforms.predicates.Predicate`]: { is: ['predicate'], word: 'interface' },
  [`${connect}storage.Converter`]: { is: ['converter'], word: 'interface' },
  [`${connect}storage.HeaderConverter`]: { is: ['header-converter'], word: 'interface' },
  [`${connect}converters.NumberConverter`]: { is: ['converter', 'header-converter'], word: 'class' },
};

/** A class that a configuration names, found. */
export interface FoundClass {
  readonly className: string;
  readonly plugins: readonly KnownPlugin[];
}

/** The class that a name stands for; `undefined` when there is none. What the Java runtime brings exists everywhere, and is never a plugin. */
export function findClass(name: string, catalog: PluginCatalog): FoundClass | undefined {
  const plugins = catalog.named(name);
  const [first] = plugins;
  if (first !== undefined) return { className: first.className, plugins };
  const exists = name.startsWith('java.') || Object.hasOwn(abstractClasses, name) || nestedIn(name, catalog).length > 0;
  return exists ? { className: name, plugins: [] } : undefined;
}

/** The plugin that a class is in the wanted role; `undefined` when it is none. */
export const pluginAs = (wanted: Wanted, { plugins }: FoundClass): KnownPlugin | undefined =>
  plugins.find((plugin) => fits(wanted, plugin));

/** What Connect says of a class that cannot be used as wanted; `undefined` when it can. */
export function classProblem(wanted: Wanted, found: FoundClass, catalog: PluginCatalog): string | undefined {
  if (pluginAs(wanted, found)) return undefined;
  const { className } = found;
  const known = abstractClasses[className];
  const nested = nestedIn(className, catalog).filter((plugin) => fits(wanted, plugin));
  if (nested.length > 0) {
    return `This class is abstract and cannot be created. Did you mean ${nested.map((plugin) => plugin.className).join(', ')}?`;
  }
  if (known?.is.includes(wanted)) return 'This class is abstract and cannot be created.';
  return `Class ${known?.word ?? 'class'} ${className} does not implement the ${interfaceNames[wanted]} interface`;
}

/** Classes that may be recommended, in order. */
export const recommendedClasses = (wanted: Wanted, { listed }: PluginCatalog): readonly string[] =>
  [...new Set(listed.filter((plugin) => fits(wanted, plugin)).map(({ className }) => className))].sort();

function fits(wanted: Wanted, { kind, roles = ['key', 'value', 'header'] }: KnownPlugin): boolean {
  if (wanted === 'converter') return kind === 'converter' && roles.includes('value');
  if (wanted === 'header-converter') return kind === 'converter' && roles.includes('header');
  return kind === wanted;
}

/** `MaskField` stands for `MaskField$Key` and `MaskField$Value`. */
const nestedIn = (name: string, catalog: PluginCatalog): readonly KnownPlugin[] =>
  ['Key', 'Value'].flatMap((side) => catalog.named(`${name}$${side}`));
