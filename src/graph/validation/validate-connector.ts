import { badRequest } from '../../errors/rest-error.ts';
import { hashOrder } from '../../java/hash-order.ts';
import type { ConfigProblem, ConfigValue, RawConfig } from '../../sdk/config.ts';
import type { ConverterRole } from '../../sdk/converter.ts';
import { parseVersionRange, unmetVersion } from '../plugin-version.ts';
import { ownRunConfig } from '../run-config.ts';
import { chainSections } from './chain-keys.ts';
import type { Client } from './client-keys.ts';
import { type OverridePolicy, overridesOf } from './client-overrides.ts';
import { connectorKeys, type KeyContext } from './connector-keys.ts';
import { type Appendix, converterAppendices } from './converter-keys.ts';
import { crossChecks, type WorkerMode } from './cross-checks.ts';
import type { KnownPlugin, PluginCatalog } from './plugin-classes.ts';
import { type ConfigReport, type DescribedKey, describeKey, groupsOf, type ReportedKey, type Section, sectionOf } from './report.ts';

export interface ValidateOptions {
  readonly catalog: PluginCatalog;
  /** The worker's converter classes. */
  readonly converters: Readonly<Record<ConverterRole, string>>;
  readonly policy: OverridePolicy;
  readonly worker: WorkerMode;
  /** What the connector's own hook found. */
  readonly ownProblems?: readonly ConfigProblem[];
}

/**
 * Everything that Connect says of a connector configuration: each key with its definition, value and errors, in Connect's order.
 *
 * References to config providers are resolved already. Throws where Connect refuses to validate at all.
 */
export function validateConnector(raw: RawConfig, options: ValidateOptions): ConfigReport {
  const { catalog, converters } = options;
  const name = connectorClassOf(raw);
  const connector = findConnector(raw, catalog);
  // A requirement that cannot be read is told at once.
  parseVersionRange(textOf(raw['connector.plugin.version']));
  const unmet = unmetVersion(connector, raw['connector.plugin.version']);
  if (unmet !== undefined) return withoutConnector(name, { raw, catalog, connector, ofKind: false }, unmet);

  const framework = frameworkSection({ raw, catalog, connector, converters });
  const own = ownSection(connector, raw, options);
  const main = merge(framework, own);
  const sound = (key: string) => framework.values.every((value) => value.name !== key || value.errors.length === 0);
  const appendices: readonly Appendix[] = [
    ...clientsOf(raw, connector).map((client) => overridesOf(client, raw, options.policy)),
    ...converterAppendices(raw, sound, catalog),
  ];
  const groups = [...main.groups, ...appendices.flatMap((part) => part.groups)];
  const wrong = appendices.flatMap((part) => part.configs).filter(({ value }) => value !== null && value.errors.length > 0);
  return {
    name,
    errorCount: errorsIn(main.configs) + wrong.length,
    groups: [...new Set(groups)],
    configs: [...main.configs, ...appendices.flatMap((part) => part.configs)],
  };

  function frameworkSection(context: KeyContext): Section {
    const keys = connectorKeys(context);
    const more = [...chainSections(raw, catalog), sectionOf(ownRunConfig, raw)];
    const values = [...keys.validate(raw), ...more.flatMap((section) => section.values)];
    const checked = withProblems(values, crossChecks(raw, connector.kind, options.worker));
    return { keys: [...keys.keys.map(describeKey), ...more.flatMap((section) => section.keys)], values: withNulls(checked, raw) };
  }
}

/** `connector.class`, or what Connect says where there is none. */
function connectorClassOf(raw: RawConfig): string {
  const name = raw['connector.class'];
  if (typeof name === 'string') return name;
  const texts = hashOrder(Object.keys(raw)).map((key) => `${key}=${raw[key]}`);
  throw badRequest(`Connector config {${texts.join(', ')}} contains no connector type`);
}

/** The connector of a config's class, by its full name or an alias. A name that a source and a sink share is a sink's where there are topics to read. */
export function findConnector(raw: RawConfig, catalog: PluginCatalog): KnownPlugin {
  const name = connectorClassOf(raw);
  const isConnector = ({ kind }: KnownPlugin) => kind === 'source' || kind === 'sink';
  const [found, other] = catalog.named(name).filter(isConnector);
  const wanted = 'topics' in raw || 'topics.regex' in raw ? 'sink' : 'source';
  if (found) return other?.kind === wanted ? other : found;
  const available = catalog.listed.filter(isConnector).toSorted((a, b) => (a.className < b.className ? -1 : 1));
  const listed = available.map(pluginText).join(', ');
  const why = `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: ${listed}`;
  throw badRequest(`${why}. ${remedy}`);
}

const remedy =
  'Classes of Java do not run here: name one of these connectors, or install a plugin of Sluice that does the same (plugin.path of the worker); sluice plugins lists what there is.';

const pluginText = ({ className, version, kind }: KnownPlugin): string =>
  `PluginDesc{klass=class ${className}, name='${className}', version='${version}', encodedVersion=${version}, type=${kind}, typeName='${kind}', location='classpath'}`;

/** Where the connector is not there in the version asked for, only the keys that all connectors have can be validated. */
function withoutConnector(name: string, context: KeyContext, unmet: string): ConfigReport {
  const keys = connectorKeys(context);
  const problems = ['connector.class', 'connector.plugin.version'].map((key) => ({ key, message: unmet }));
  const described = keys.keys.map(describeKey);
  const configs = reported(described, withProblems(keys.validate(context.raw), problems));
  return { name, errorCount: errorsIn(configs), groups: groupsOf(described), configs };
}

function ownSection({ kind, className }: KnownPlugin, raw: RawConfig, { catalog, ownProblems = [] }: ValidateOptions): Section {
  const found = catalog.find(kind as 'source' | 'sink', className);
  if ('error' in found) throw found.error;
  const { keys, values } = sectionOf(found.definition.config, raw);
  return { keys, values: withProblems(values, ownProblems) };
}

/** What a connector defines itself takes the place of a framework key of the same name. */
function merge(framework: Section, own: Section): { readonly groups: readonly string[]; readonly configs: readonly ReportedKey[] } {
  const keys = new Map([...framework.keys, ...own.keys].map((key) => [key.name, key]));
  const values = new Map([...framework.values, ...own.values].map((value) => [value.name, value]));
  const undefinedValues = [...values.values()].filter(({ name }) => !keys.has(name));
  const configs = [
    ...undefinedValues.map((value) => ({ definition: null, value })),
    ...Array.from(keys.values(), (definition) => ({ definition, value: values.get(definition.name) ?? null })),
  ];
  return { groups: [...groupsOf(framework.keys), ...groupsOf(own.keys)], configs };
}

const reported = (keys: readonly DescribedKey[], values: readonly ConfigValue[]): readonly ReportedKey[] =>
  keys.map((definition) => ({ definition, value: values.find(({ name }) => name === definition.name) ?? null }));

const errorsIn = (configs: readonly ReportedKey[]): number => configs.reduce((sum, { value }) => sum + (value?.errors.length ?? 0), 0);

/** Adds errors to keys; those that are not there are added too. */
function withProblems(values: readonly ConfigValue[], problems: readonly ConfigProblem[]): readonly ConfigValue[] {
  const byName = new Map(values.map((value) => [value.name, value]));
  for (const { key, message } of problems) {
    const value = byName.get(key) ?? { name: key, value: null, errors: [], recommendedValues: [], visible: true };
    byName.set(key, { ...value, errors: [...value.errors, message] });
  }
  return [...byName.values()];
}

const withNulls = (values: readonly ConfigValue[], raw: RawConfig): readonly ConfigValue[] =>
  withProblems(
    values,
    Object.keys(raw)
      .filter((key) => raw[key] === null)
      .map((key) => ({ key, message: 'Null value can not be supplied as the configuration value.' })),
  );

/** The clients that a connector uses: only their overrides are looked at. */
function clientsOf(raw: RawConfig, { kind }: KnownPlugin): readonly Client[] {
  if (kind === 'source') {
    return Object.keys(raw).some((key) => key.startsWith('topic.creation.')) ? ['producer', 'admin'] : ['producer'];
  }
  const deadLetters = textOf(raw['errors.deadletterqueue.topic.name']) ?? '';
  return deadLetters === '' ? ['consumer'] : ['producer', 'consumer', 'admin'];
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
