import { badRequest, notFound } from '../errors/rest-error.ts';
import { connectorKeys, unmetVersion } from '../graph/validation/connector-keys.ts';
import { type DescribedKey, describeKey } from '../graph/validation/report.ts';
import { entriesNamed, known, loadCatalog } from './catalog.ts';
import type { PluginRegistry } from './registry.ts';

const kindsWithKeys = 'sink, source, converter, header_converter, transformation, predicate';
/** Classes of Connect that exist and whose configuration cannot be asked for. */
const otherClasses =
  /^org\.apache\.kafka\.(common\.config\.provider\.(File|Directory|EnvVar)ConfigProvider|connect\.(rest\.basic\.auth\.extension\.BasicAuthSecurityRestExtension|connector\.policy\.(All|None|Principal|Allowlist)ConnectorClientConfigOverridePolicy))$/;

/** The keys of a plugin as Connect lists them: of a connector its own, then those that all connectors of its kind have. */
export async function describePlugin(registry: PluginRegistry, name: string, version?: string): Promise<readonly DescribedKey[]> {
  if (otherClasses.test(name)) throw badRequest(`Invalid plugin class ${name}. Valid types are ${kindsWithKeys}.`);
  const [entry] = entriesNamed(registry, name);
  if (entry === undefined) throw notFound(`Unknown plugin ${name}.`);
  const plugin = known(entry);
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
