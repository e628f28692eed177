import { firstValueFrom, from } from 'rxjs';
import { overridePolicy } from '../graph/validation/client-overrides.ts';
import type { WorkerMode } from '../graph/validation/cross-checks.ts';
import type { ConfigReport } from '../graph/validation/report.ts';
import { findConnector, validateConnector } from '../graph/validation/validate-connector.ts';
import type { ConfigProblem, RawConfig } from '../sdk/config.ts';
import { connectorOf, loadCatalog } from './catalog.ts';
import type { ValidatedConnector } from './host/questions.ts';
import type { PluginRegistry } from './registry.ts';

const simpleHeader = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Which worker a config is validated for. */
export interface ForWorker {
  readonly properties: RawConfig;
  readonly mode: WorkerMode;
}

/** Validates the configuration of a connector, and says which connector it is. */
export async function validateConnectorConfig(raw: RawConfig, registry: PluginRegistry, worker: ForWorker): Promise<ValidatedConnector> {
  const report = await validateConfig(raw, registry, worker);
  const { kind, className, version } = findConnector(raw, await loadCatalog(registry, raw, {}));
  return { report, connector: { kind: kind as 'source' | 'sink', className, version } };
}

/** Validates the configuration of a connector; its references are resolved already. */
export async function validateConfig(raw: RawConfig, registry: PluginRegistry, { properties, mode }: ForWorker): Promise<ConfigReport> {
  const catalog = await loadCatalog(registry, raw, properties);
  return validateConnector(raw, {
    ownProblems: await ownProblems(raw, registry),
    catalog,
    converters: {
      key: textOf(properties['key.converter']),
      value: textOf(properties['value.converter']),
      header: textOf(properties['header.converter']) || simpleHeader,
    },
    policy: overridePolicy(properties) ?? { name: 'All', allows: () => true },
    worker: mode,
  });
}

/** What the connector's own hook finds; it is not asked about a config that Connect refuses to look at. */
async function ownProblems(raw: RawConfig, registry: PluginRegistry): Promise<readonly ConfigProblem[]> {
  if (typeof raw['connector.class'] !== 'string') return [];
  const { validate } = await connectorOf(raw, registry);
  return validate === undefined ? [] : firstValueFrom(from(validate(raw)), { defaultValue: [] });
}
