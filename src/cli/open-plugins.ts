import type { WorkerConfig } from '../config/worker-config.ts';
import type { WorkerMode } from '../graph/validation/cross-checks.ts';
import { PluginHost } from '../plugins/host/plugin-host.ts';
import { pluginPath } from '../plugins/plugin-path.ts';
import type { Logger } from '../telemetry/log.ts';

/** The plugins of a worker that do not come with the package. */
export interface WorkerPlugins {
  readonly modules: readonly string[];
  /** Asked about them; who opened it closes it. */
  readonly pluginHost: PluginHost;
}

/** Looks through `plugin.path`, and tells what is left out of it, now or when it is imported. */
export async function openPlugins({ settings, originals }: WorkerConfig, mode: WorkerMode, log: Logger): Promise<WorkerPlugins> {
  const { modules, ignored } = await pluginPath(settings['plugin.path'] ?? []);
  for (const { path, why } of ignored) log.warn({ path, why }, 'nothing to load in plugin.path');
  const leftOut = (failure: object) => log.error(failure, 'plugin module left out');
  return { modules, pluginHost: new PluginHost({ properties: originals, mode, modules, leftOut }) };
}
