import { firstValueFrom, from } from 'rxjs';
import type { RawConfig } from '../sdk/config.ts';
import { parseConfig } from '../sdk/define.ts';
import type { OffsetChange } from '../sdk/source.ts';
import { connectorOf } from './catalog.ts';
import type { PluginRegistry } from './registry.ts';

/** Asks a connector about offsets that a user sets: fails with what is wrong with them; `false` where the connector keeps others elsewhere. */
export async function checkOffsetChanges(raw: RawConfig, changes: readonly OffsetChange[], registry: PluginRegistry): Promise<boolean> {
  const definition = await connectorOf(raw, registry);
  if (definition.alterOffsets === undefined) return false;
  return firstValueFrom(from(definition.alterOffsets(parseConfig(definition, raw), changes)));
}
