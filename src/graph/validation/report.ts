import type { ConfigDefinition, ConfigKey, ConfigValue, RawConfig } from '../../sdk/config.ts';
import { renderedText } from '../../sdk/config-text.ts';

/** The definition of a key as REST shows it: all members there, the default as text. */
export interface DescribedKey {
  readonly name: string;
  readonly type: ConfigKey['type'];
  readonly required: boolean;
  /** `null` where the key is required, and where the default is none. */
  readonly defaultValue: string | null;
  readonly importance: ConfigKey['importance'];
  readonly doc: string;
  /** `null`: stands in no group; its `order` is -1. */
  readonly group: string | null;
  readonly order: number;
  readonly width: NonNullable<ConfigKey['width']>;
  readonly displayName: string;
  readonly dependents: readonly string[];
}

/** A key of a configuration and what is to be said of its value; `null` for a value that nothing defines. */
export interface ReportedKey {
  readonly definition: DescribedKey | null;
  readonly value: ConfigValue | null;
}

/** What validation says of a whole connector configuration, in Connect's order. */
export interface ConfigReport {
  /** The connector class as it was given. */
  readonly name: string;
  readonly errorCount: number;
  readonly groups: readonly string[];
  readonly configs: readonly ReportedKey[];
}

/** Keys with what validation says of them: one part of a report. Names are whole. */
export interface Section {
  readonly keys: readonly DescribedKey[];
  readonly values: readonly ConfigValue[];
}

/** Completes what a plugin declares. */
export function describeKey({ name, type, defaultValue, importance, doc, ...rest }: ConfigKey): DescribedKey {
  const { group = null, order = -1, width = 'none', displayName = name, dependents = [] } = rest;
  const required = defaultValue === undefined;
  return {
    name,
    type,
    required,
    defaultValue: renderedText(defaultValue, type),
    importance,
    doc,
    group,
    order,
    width,
    displayName,
    dependents,
  };
}

/** Keys and values that Connect's tools are shown: what Connect does not have only where it is set. */
export function sectionOf(definition: ConfigDefinition, raw: RawConfig): Section {
  const shown = definition.keys.filter(({ name, beyondConnect }) => beyondConnect !== true || Object.hasOwn(raw, name));
  const hidden = new Set(definition.keys.filter((key) => !shown.includes(key)).map(({ name }) => name));
  return { keys: shown.map(describeKey), values: definition.validate(raw).filter(({ name }) => !hidden.has(name)) };
}

/** Groups in the order in which they are first used. */
export const groupsOf = (keys: readonly DescribedKey[]): readonly string[] => [
  ...new Set(keys.flatMap(({ group }) => (group === null ? [] : [group]))),
];

const rank = { high: 0, medium: 1, low: 2 } as const;

/** Connect's order of keys for reading: ungrouped ones first, then by group and place; what has no default before what has; then by importance and name. */
export function sortedKeys(keys: readonly DescribedKey[]): readonly DescribedKey[] {
  const groups = groupsOf(keys);
  const groupRank = ({ group }: DescribedKey) => (group === null ? -1 : groups.indexOf(group));
  return keys.toSorted(
    (a, b) =>
      groupRank(a) - groupRank(b) ||
      a.order - b.order ||
      Number(b.required) - Number(a.required) ||
      rank[a.importance] - rank[b.importance] ||
      (a.name < b.name ? -1 : 1),
  );
}
