import type { Check, ConfigDefinition, RawConfig, Recommender } from '../../sdk/config.ts';
import { atLeast, notEmpty, oneOfIgnoringCase } from '../../sdk/config-checks.ts';
import { config } from '../../sdk/config-definition.ts';
import { className, long, string } from '../../sdk/config-kinds.ts';
import type { ConverterRole } from '../../sdk/converter.ts';
import { aliases, chainKeys } from '../chain-config.ts';
import { errorKeys, mainKeys, sinkKeys } from '../connector-config.ts';
import { at, groups } from '../key-place.ts';
import { unmetVersion, unreadableVersion } from '../plugin-version.ts';
import {
  classProblem,
  findClass,
  type KnownPlugin,
  type PluginCatalog,
  pluginAs,
  recommendedClasses,
  type Wanted,
} from './plugin-classes.ts';

export const wantedBy: Readonly<Record<ConverterRole, Wanted>> = { key: 'converter', value: 'converter', header: 'header-converter' };

/** What the definitions of a connector's keys depend on. */
export interface KeyContext {
  readonly raw: RawConfig;
  readonly catalog: PluginCatalog;
  readonly connector: KnownPlugin;
  /** The worker's converter classes: defaults and recommendations. Absent where no worker is known. */
  readonly converters?: Readonly<Record<ConverterRole, string>>;
  /** Whether those of sinks or of sources are among them. Default: yes. */
  readonly ofKind?: boolean;
}

/** The keys of every connector, those of its kind included, with Connect's places, defaults and checks. */
export function connectorKeys(context: KeyContext): ConfigDefinition {
  const shared = { ...commonKeys(context), ...otherCommonKeys };
  if (context.ofKind === false) return config(shared);
  return config({ ...shared, ...(context.connector.kind === 'sink' ? sinkKeys : sourceKeys) });
}

const { common } = groups;

function commonKeys(context: KeyContext) {
  const { connector, catalog } = context;
  return {
    name: mainKeys.name,
    'connector.class': mainKeys['connector.class'],
    'connector.plugin.version': string({
      ...at(common, 3, 'medium', 'Connector version'),
      default: connector.version,
      doc: 'Which versions of the connector will do: one, or a range in the syntax of Maven. Default: the newest that is installed.',
      recommend: () => ({ values: versionsOf(connector) }),
    }),
    'tasks.max': mainKeys['tasks.max'],
    'tasks.max.enforce': mainKeys['tasks.max.enforce'],
    ...converterKeysOf('key', 6, context),
    ...converterKeysOf('value', 8, context),
    ...converterKeysOf('header', 10, context),
    ...chainKeys,
  };

  function converterKeysOf(role: ConverterRole, order: number, { raw, converters }: KeyContext) {
    const key = `${role}.converter`;
    const versionKey = `${key}.plugin.version`;
    const wanted = wantedBy[role];
    const title = `${role.charAt(0).toUpperCase()}${role.slice(1)}`;
    const chosen = typeof raw[key] === 'string' ? raw[key] : converters?.[role];
    const found = chosen === undefined ? undefined : findClass(chosen.trim(), catalog);
    const plugin = found && pluginAs(wanted, found);
    // A version is asked of a converter that the connector chose, not of the worker's.
    const unmet = typeof raw[key] === 'string' && plugin ? unmetVersion(plugin, raw[versionKey]) : undefined;
    const unreadable = unreadableVersion(raw[versionKey]);
    const met: Check<unknown> = () => (unreadable === undefined ? unmet : undefined);
    const versions: Recommender = (_name, values) => ({
      values: plugin && values[key] !== null ? versionsOf(plugin) : [],
      visible: values[key] !== null,
    });
    const usable: Check<string> = (value) => {
      const given = value === null ? undefined : findClass(value, catalog);
      return given && classProblem(wanted, given, catalog);
    };
    const defaults = converters === undefined ? undefined : (findClass(converters[role], catalog)?.className ?? converters[role]);
    return {
      [key]: className({
        ...at(common, order, 'short', `${title} converter class`),
        default: defaults ?? null,
        importance: 'low',
        doc: `Converter of record ${role}s. Default: the worker's.`,
        find: (name) => findClass(name, catalog)?.className,
        checks: [usable, met],
        recommend: () => ({ values: converters === undefined ? [] : recommendedClasses(wanted, catalog) }),
      }),
      [versionKey]: string({
        ...at(common, order + 1, 'short', `${title} converter version`),
        default: plugin?.version ?? null,
        importance: 'low',
        doc: 'Which versions of the converter will do: one, or a range in the syntax of Maven.',
        checks: [() => unreadable ?? unmet],
        recommend: versions,
      }),
    };
  }
}

const otherCommonKeys = {
  'config.action.reload': string({
    ...at(common, 14, 'medium', 'Reload Action'),
    default: 'restart',
    oneOf: ['none', 'restart'],
    importance: 'low',
    doc: 'What happens when a value from a config provider is no longer good: nothing, or a restart.',
  }),
  ...errorKeys,
};

const exactlyOnce = 'Exactly Once Support';

const sourceKeys = {
  'topic.creation.groups': aliases({
    ...at('Topic Creation', 1, 'long', 'Topic Creation Groups'),
    doc: 'Names of groups of topics with settings of their own for their creation.',
  }),
  'exactly.once.support': string({
    ...at(exactlyOnce, 2, 'short', 'Exactly once support'),
    default: 'requested',
    doc: 'Whether the connector may run where exactly-once delivery is not to be had: requested; or not: required.',
    checks: [oneOfIgnoringCase(['REQUIRED', 'REQUESTED'])],
  }),
  'transaction.boundary': string({
    ...at(exactlyOnce, 3, 'short', 'Transaction Boundary'),
    default: 'poll',
    doc: 'What ends a transaction: each poll, an interval, or the connector.',
    checks: [oneOfIgnoringCase(['INTERVAL', 'POLL', 'CONNECTOR'])],
  }),
  'transaction.boundary.interval.ms': long({
    ...at(exactlyOnce, 4, 'short', 'Transaction boundary interval'),
    default: null,
    importance: 'low',
    doc: 'Length of that interval, in milliseconds. Default: that of commits.',
    checks: [(value, name) => (value === null ? undefined : atLeast(0)(value, name))],
  }),
  'offsets.storage.topic': string({
    ...at('offsets.topic', 1, 'long', 'Offsets topic'),
    default: null,
    importance: 'low',
    doc: 'Topic for the offsets of this connector. Default: the worker keeps them.',
    checks: [notEmpty],
  }),
};

const versionsOf = ({ version }: KnownPlugin): readonly string[] => (version === null ? [] : [version]);
