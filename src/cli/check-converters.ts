import type { WorkerConfig } from '../config/worker-config.ts';
import { pluginErrors } from '../errors/plugins.ts';
import type { PluginHost } from '../plugins/host/plugin-host.ts';
import { PluginRegistry } from '../plugins/registry.ts';

const keys = ['key.converter', 'value.converter', 'header.converter'] as const;
type Key = (typeof keys)[number];

/**
 * Refuses a worker whose converters cannot be found, as Connect does: each task that has none of its own would fail.
 *
 * Plugin modules are imported only for names that do not come with the package.
 */
export async function checkConverters(
  { settings }: { readonly settings: Pick<WorkerConfig['settings'], Key> },
  pluginHost: Pick<PluginHost, 'ask'>,
): Promise<void> {
  const builtin = new PluginRegistry();
  const others = keys.filter((key) => builtin.installed('converter', settings[key]) === undefined);
  if (others.length === 0) return;
  const missing = await pluginHost.ask('missing', { converters: others.map((key) => settings[key]) });
  const key = others.find((each) => missing.includes(settings[each]));
  if (key !== undefined) throw pluginErrors.NO_CONVERTER({ key, name: settings[key] });
}
