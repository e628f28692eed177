import type { Check, ConfigDefinition, ConfigValue, RawConfig } from '../../sdk/config.ts';
import { config } from '../../sdk/config-definition.ts';
import { boolean, className, string } from '../../sdk/config-kinds.ts';
import { unmetVersion } from '../plugin-version.ts';
import { withPrefix } from '../with-prefix.ts';
import { classProblem, findClass, type KnownPlugin, type PluginCatalog, pluginAs, recommendedClasses } from './plugin-classes.ts';
import { type DescribedKey, describeKey, type Section, sortedKeys } from './report.ts';

interface Role {
  readonly wanted: 'operator' | 'predicate';
  /** Key that lists the aliases, and where theirs begin. */
  readonly key: 'transforms' | 'predicates';
  readonly group: string;
  readonly word: string;
}

const roles: readonly Role[] = [
  { wanted: 'operator', key: 'transforms', group: 'Transforms', word: 'Transformation' },
  { wanted: 'predicate', key: 'predicates', group: 'Predicates', word: 'Predicate' },
];

/** Keys that every transform has beside its own, which they hide. */
const conditionKeys = config({
  predicate: string({ default: null, doc: 'Name of a predicate: the transform is left out for records that it does not hold for.' }),
  negate: boolean({ default: false, doc: 'Whether the transform is left out for records that the predicate holds for.' }),
});
const noKeys = config({});

/** The keys of the transforms and predicates that a connector config lists: class and version of each, and its own. */
export function chainSections(raw: RawConfig, catalog: PluginCatalog): readonly Section[] {
  return roles.flatMap((role) => aliasesOf(raw[role.key]).map((alias) => aliasSection(role, alias, raw, catalog)));
}

/** Each alias once, in the order of the list. */
function aliasesOf(listed: unknown): readonly string[] {
  if (typeof listed !== 'string' || listed.trim() === '') return [];
  return [...new Set(listed.trim().split(/\s*,\s*/))];
}

function aliasSection(role: Role, alias: string, raw: RawConfig, catalog: PluginCatalog): Section {
  const path = `${role.key}.${alias}`;
  const group = `${role.group}: ${alias}`;
  const own = withPrefix(raw, `${path}.`);
  const found = typeof own['type'] === 'string' ? findClass(own['type'].trim(), catalog) : undefined;
  const plugin = found && pluginAs(role.wanted, found);
  const frame = frameKeys({ ...role, alias, path, raw, catalog, plugin });
  const head: Section = { keys: frame.keys.map(describeKey), values: frame.validate(raw) };
  const unmet = plugin && unmetVersion(plugin, own['plugin.version']);
  const definition = plugin && unmet === undefined ? definitionOf(role.wanted, plugin, catalog) : undefined;
  if (definition === undefined) return head;
  const parts = embeddedKeys(role.wanted === 'operator' ? conditionKeys : noKeys, definition, own, `${path}.`);
  const keys = sortedKeys(parts.keys).map((key, i) => ({
    ...key,
    group: key.group === null ? group : `${group}: ${key.group}`,
    order: 2 + i,
  }));
  return {
    keys: [...head.keys, ...keys.map((key) => ({ ...key, name: `${path}.${key.name}` }))],
    values: [...head.values, ...parts.values],
  };
}

interface Frame extends Role {
  readonly alias: string;
  readonly path: string;
  readonly raw: RawConfig;
  readonly catalog: PluginCatalog;
  readonly plugin: KnownPlugin | undefined;
}

/** `….type` and `….plugin.version`. */
function frameKeys({ wanted, key, group, word, alias, path, raw, catalog, plugin }: Frame): ConfigDefinition {
  const unmet: Check<unknown> = () => plugin && unmetVersion(plugin, raw[`${path}.plugin.version`]);
  const conditionless: Check<unknown> = () =>
    key === 'transforms' && `${path}.negate` in raw && !(`${path}.predicate` in raw)
      ? `Config '${path}.negate' was provided but there is no config '${path}.predicate' defining a predicate to be negated.`
      : undefined;
  const usable: Check<string> = (value) => {
    const given = value === null ? undefined : findClass(value, catalog);
    return given && classProblem(wanted, given, catalog);
  };
  const shown = { group: `${group}: ${alias}`, importance: 'high', width: 'long' } as const;
  const noun = word.toLowerCase();
  return config({
    [`${path}.type`]: className({
      ...shown,
      order: 0,
      displayName: `${word} type for ${alias}`,
      doc: `Class of the ${noun} ${alias}.`,
      find: (name) => findClass(name, catalog)?.className,
      checks: [conditionless, usable, unmet],
      recommend: () => ({ values: recommendedClasses(wanted, catalog) }),
    }),
    [`${path}.plugin.version`]: string({
      ...shown,
      order: 1,
      displayName: `${word} version for ${alias}`,
      default: plugin?.version ?? null,
      doc: `Which versions of the ${noun} ${alias} will do: one, or a range in the syntax of Maven.`,
      checks: [unmet],
      recommend: () => ({ values: plugin?.version ? [plugin.version] : [] }),
    }),
  });
}

function definitionOf(
  kind: 'operator' | 'predicate',
  { className: name }: KnownPlugin,
  catalog: PluginCatalog,
): ConfigDefinition | undefined {
  const found = catalog.find(kind, name);
  return 'definition' in found ? found.definition.config : undefined;
}

/** Keys without their prefix, values with it. */
function embeddedKeys(
  frame: ConfigDefinition,
  definition: ConfigDefinition,
  own: RawConfig,
  prefix: string,
): { readonly keys: readonly DescribedKey[]; readonly values: readonly ConfigValue[] } {
  const hidden = new Set(frame.keys.map(({ name }) => name));
  const kept = <T extends { readonly name: string }>(list: readonly T[]) => list.filter(({ name }) => !hidden.has(name));
  const values = [...frame.validate(own, prefix), ...kept(definition.validate(own, prefix))];
  return {
    keys: [...frame.keys, ...kept(definition.keys)].map(describeKey),
    values: values.map((value) => ({ ...value, name: prefix + value.name })),
  };
}
