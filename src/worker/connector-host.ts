import type { RawConfig } from '../sdk/config.ts';
import type { Logger } from '../telemetry/log.ts';
import type { ClientOwner } from './client-properties.ts';
import type { WorkerEvent } from './connectors.ts';
import type { Lent } from './lend-driver.ts';
import type { Resolve } from './resolve.ts';
import type { ThreadPool } from './thread-pool.ts';

/** What a connector needs of its worker. */
export interface ConnectorHost {
  readonly workerId: string;
  readonly worker: RawConfig;
  readonly gracefulMs: number;
  readonly pool: ThreadPool;
  /** Drivers for the memberships of sink tasks in their consumer groups; absent on the embedded broker, which has one reader. */
  readonly groups?: (owner: ClientOwner) => Promise<Lent>;
  /** Replaces references to config providers. */
  readonly resolve?: Resolve | undefined;
  /** For what no state tells. */
  readonly log: Logger;
  tell(event: WorkerEvent): void;
  /** A task wrote to these topics, or read from them; told again now and then. */
  used(connector: string, task: number, topics: readonly string[]): void;
}
