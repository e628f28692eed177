import { hashOrder } from '../../java/hash-order.ts';
import type { ConfigDefinition, RawConfig } from '../../sdk/config.ts';
import { withPrefix } from '../with-prefix.ts';
import { wantedBy } from './connector-keys.ts';
import { findClass, type PluginCatalog, pluginAs } from './plugin-classes.ts';
import { describeKey, groupsOf, type ReportedKey } from './report.ts';

/** A part of a report whose keys count as wrong once, however much is wrong with them. */
export interface Appendix {
  readonly groups: readonly string[];
  readonly configs: readonly ReportedKey[];
}

/** Keys under a prefix, in the order of a Java `HashMap`. */
export function appendixOf(prefix: string, configs: readonly ReportedKey[]): Appendix {
  const byName = new Map(configs.map((config) => [config.value?.name ?? config.definition?.name ?? '', config]));
  const ordered = hashOrder(byName.keys()).flatMap((name) => byName.get(name) ?? []);
  const keys = ordered.flatMap(({ definition }) => definition ?? []);
  return {
    groups: groupsOf(keys),
    configs: ordered.map(({ definition, value }) => ({
      definition: definition && { ...definition, name: prefix + definition.name },
      value: value && { ...value, name: prefix + value.name },
    })),
  };
}

/** The keys of the converters that a connector sets itself, where class and version of them are fine (`sound`). */
export function converterAppendices(raw: RawConfig, sound: (key: string) => boolean, catalog: PluginCatalog): readonly Appendix[] {
  return (['header', 'key', 'value'] as const).flatMap((role) => {
    const key = `${role}.converter`;
    const name = raw[key];
    if (typeof name !== 'string' || !sound(key) || !sound(`${key}.plugin.version`)) return [];
    const found = findClass(name.trim(), catalog);
    const plugin = found && pluginAs(wantedBy[role], found);
    const answer = plugin && catalog.find('converter', plugin.className);
    if (answer === undefined || 'error' in answer) return [];
    const own = withPrefix(raw, `${key}.`);
    const settings = { ...own, 'converter.type': own['converter.type'] ?? role };
    return [appendixOf(`${key}.`, reported(answer.definition.config, settings))];
  });
}

function reported(definition: ConfigDefinition, raw: RawConfig): readonly ReportedKey[] {
  const values = new Map(definition.validate(raw).map((value) => [value.name, value]));
  return definition.keys.map((key) => ({ definition: describeKey(key), value: values.get(key.name) ?? null }));
}
