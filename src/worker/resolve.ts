import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorConfig } from './connectors.ts';

/** A config whose references to config providers are replaced. */
export interface ResolvedConfig {
  readonly config: RawConfig;
  /** How long it is good for; absent: for ever. */
  readonly ttlMs?: number;
}

export type Resolve = (config: ConnectorConfig) => Promise<ResolvedConfig>;
