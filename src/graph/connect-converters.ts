import type { GraphProblem } from '../errors/graph.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConverterRole } from '../sdk/converter.ts';
import type { PluginRef } from './pipeline-spec.ts';
import { withPrefix } from './with-prefix.ts';

/** What Connect uses for headers when neither connector nor worker says. */
const defaultHeaderConverter = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';

/** The converters of a connector: its own class with its own settings, else the worker's class with the worker's settings. */
export function connectConverters(
  connector: RawConfig,
  worker: RawConfig,
): { readonly refs: Record<ConverterRole, PluginRef>; readonly problems: readonly GraphProblem[] } {
  const problems: GraphProblem[] = [];
  const refOf = (role: ConverterRole): PluginRef => {
    const key = `${role}.converter`;
    const owner = typeof connector[key] === 'string' ? connector : worker;
    const plugin = owner[key] ?? (role === 'header' ? defaultHeaderConverter : undefined);
    if (typeof plugin === 'string') return { plugin: plugin.trim(), config: withPrefix(owner, `${key}.`) };
    const node = String(connector['name'] ?? 'connector');
    problems.push({ node, path: key, message: 'There is no converter.', remedy: `Set ${key} in the connector or the worker.` });
    return { plugin: '', config: {} };
  };
  const [key, value, header] = [refOf('key'), refOf('value'), refOf('header')];
  return { refs: { key, value, header }, problems };
}
