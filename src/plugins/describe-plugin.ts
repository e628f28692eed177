import { badRequest, notFound, RestError } from '../errors/rest-error.ts';
import { unmetVersion, unreadableVersion } from '../graph/plugin-version.ts';
import { connectorKeys } from '../graph/validation/connector-keys.ts';
import { findClass } from '../graph/validation/plugin-classes.ts';
import { type DescribedKey, describeKey } from '../graph/validation/report.ts';
import { entriesNamed, known, loadCatalog } from './catalog.ts';
import type { PluginRegistry } from './registry.ts';

const kindsWithKeys = 'sink, source, converter, header_converter, transformation, predicate';
const packages =
  'org\\.apache\\.kafka\\.(common\\.config\\.provider|connect\\.rest\\.basic\\.auth\\.extension|connect\\.connector\\.policy)\\.';
const suffixes = '(ConfigProvider|SecurityRestExtension|ConnectorClientConfigOverridePolicy)';
/** Plugins of Connect whose configuration cannot be asked for. */
const otherPlugins = new RegExp(`^(${packages})?(File|Directory|EnvVar|BasicAuth|All|None|Principal|Allowlist)${suffixes}?$`);

/** The keys of a plugin as Connect lists them: of a connector its own, then those that all connectors of its kind have. */
export async function describePlugin(registry: PluginRegistry, name: string, version?: string): Promise<readonly DescribedKey[]> {
  if (otherPlugins.test(name)) throw badRequest(`Invalid plugin class ${name}. Valid types are ${kindsWithKeys}.`);
  const [entry] = entriesNamed(registry, name);
  if (entry === undefined) {
    // What is a class, and no plugin, cannot be asked.
    const exists = findClass(name, await loadCatalog(registry, {}, {})) !== undefined;
    throw exists ? new RestError(500, 'Instantiation error') : notFound(`Unknown plugin ${name}.`);
  }
  const plugin = known(entry);
  if (unreadableVersion(version) !== undefined) throw badRequest(`Invalid version specification: ${version}`);
  const unmet = unmetVersion(plugin, version);
  if (unmet !== undefined) throw badRequest(unmet);
  const { config } = await registry.definition(entry.kind, entry.name);
  const own = config.keys.filter(({ beyondConnect }) => beyondConnect !== true).map(describeKey);
  if (entry.kind !== 'source' && entry.kind !== 'sink') return own;
  const catalog = await loadCatalog(registry, {}, {});
  const names = new Set(own.map((key) => key.name));
  const shared = connectorKeys({ raw: {}, catalog, connector: plugin }).keys.map(describeKey);
  return [...own, ...shared.filter((key) => !names.has(key.name)).map(withoutVersion)];
}

/** Which versions of converters there are only validation knows. */
const withoutVersion = (key: DescribedKey): DescribedKey =>
  key.name.endsWith('converter.plugin.version') ? { ...key, defaultValue: null } : key;
