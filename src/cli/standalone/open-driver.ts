import type { WorkerConfig } from '../../config/worker-config.ts';
import { cliErrors } from '../../errors/cli.ts';
import type { EmbeddedDriver } from '../../kafka/embedded/embedded-driver.ts';
import { openEmbedded } from '../../kafka/embedded/open-embedded.ts';

/** The broker that a worker's settings name: the embedded one of `data.dir` without `bootstrap.servers`. */
export async function openDriver({ settings }: WorkerConfig): Promise<EmbeddedDriver> {
  const servers = settings['bootstrap.servers'] ?? [];
  if (servers.length > 0) throw cliErrors.NO_KAFKA_DRIVER({ servers: servers.join(',') });
  return openEmbedded({ dataDir: settings['data.dir'] ?? '.sluice' });
}
