import { overridePolicy } from '../graph/validation/client-overrides.ts';
import type { WorkerMode } from '../graph/validation/cross-checks.ts';
import type { ConfigReport } from '../graph/validation/report.ts';
import { validateConnector } from '../graph/validation/validate-connector.ts';
import type { RawConfig } from '../sdk/config.ts';
import { loadCatalog } from './catalog.ts';
import type { PluginRegistry } from './registry.ts';

const simpleHeader = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Which worker a config is validated for. */
export interface ForWorker {
  readonly properties: RawConfig;
  readonly mode: WorkerMode;
}

/** Validates the configuration of a connector; its references are resolved already. */
export async function validateConfig(raw: RawConfig, registry: PluginRegistry, { properties, mode }: ForWorker): Promise<ConfigReport> {
  const catalog = await loadCatalog(registry, raw, properties);
  return validateConnector(raw, {
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
