import type { RawConfig } from '../../sdk/config.ts';
import type { ConfigState } from '../../store/config-state.ts';
import type { ConnectorHost } from '../connector-host.ts';
import type { ConnectorConfig } from '../connectors.ts';
import type { Looked } from '../look-at.ts';
import type { Accepted } from '../managed-tasks.ts';
import type { Fault, TaskPart } from '../messages.ts';
import type { Assignment } from './assignment.ts';

/** What a connector needs of the worker that runs it. */
export interface LocalHost {
  readonly host: ConnectorHost;
  readonly state: ConfigState;
  assignment(): Assignment;
  look(config: ConnectorConfig): Promise<Looked>;
  resolve(config: ConnectorConfig): Promise<RawConfig>;
  /**
   * Hands the work as it was divided to who leads the cluster; `anew`: its tasks have to begin anew even if they stay the same. Answers whether it
   * is kept; not where another config or state was decided on meanwhile.
   */
  publish(name: string, parts: readonly TaskPart[], from: Accepted, anew: boolean): Promise<boolean>;
  /** Shows that something restarts because a user asked for it. */
  showRestart(name: string, task?: number): void;
  /** A task that ran here is no more. */
  taskGone(name: string, task: number): void;
  /** It cannot be run here: the connector, or one of its tasks. */
  failed(name: string, task: number | undefined, fault: Fault): void;
}
