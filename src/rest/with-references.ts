import type { ConfigReport, ReportedKey } from '../graph/validation/report.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorConfig } from '../worker/connectors.ts';

/** The report of a resolved config, which shows references to config providers instead of what they stand for (I10). */
export function withReferences(report: ConfigReport, given: ConnectorConfig, resolved: RawConfig): ConfigReport {
  return { ...report, configs: report.configs.map((key) => shown(key, given, resolved)) };
}

function shown(key: ReportedKey, given: ConnectorConfig, resolved: RawConfig): ReportedKey {
  const { value } = key;
  const reference = value === null ? undefined : given[value.name];
  const found = value === null ? undefined : resolved[value.name];
  if (value === null || typeof reference !== 'string' || typeof found !== 'string' || found === '' || found === reference) return key;
  const hide = (text: string): string => text.replaceAll(found, () => reference);
  return { ...key, value: { ...value, value: value.value === null ? null : hide(value.value), errors: value.errors.map(hide) } };
}
