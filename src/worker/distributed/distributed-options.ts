import type { PluginHost } from '../../plugins/host/plugin-host.ts';
import type { RawConfig } from '../../sdk/config.ts';
import type { ConfigTopic } from '../../store/config-topic.ts';
import type { StatusTopic } from '../../store/status-topic.ts';
import type { Level } from '../../telemetry/log.ts';
import type { SourceOffsets } from '../answer-offsets.ts';
import type { BrokerAccess } from '../broker-access.ts';
import type { KeptOffsets } from '../connector-offsets.ts';
import type { ConnectorConfig, ConnectorType } from '../connectors.ts';
import type { Resolve } from '../resolve.ts';

/** What a worker of a cluster is made of. */
export interface DistributedOptions {
  /** `host:port` of the advertised URL. */
  readonly workerId: string;
  /** What the clients of connectors reach. */
  readonly broker: BrokerAccess;
  /** Everything that was decided; it tells this worker of changes through `changed`. */
  readonly configs: ConfigTopic;
  readonly statuses: StatusTopic;
  readonly offsets: SourceOffsets & KeptOffsets;
  /** Properties of the worker: converters, clients, threads and time-outs. */
  readonly worker: RawConfig;
  /** Whether a class is a source or a sink, as far as that is known without importing it. */
  readonly typeOf: (config: ConnectorConfig) => ConnectorType;
  /** Modules that bring further plugins. */
  readonly plugins?: readonly string[];
  /** Validates configs, and asks connectors about their offsets. */
  readonly pluginHost: PluginHost;
  /** Replaces references to config providers. */
  readonly resolve?: Resolve;
  /** Takes secrets out of what the threads say. */
  readonly redact?: (text: string) => string;
  /** Sets the level of a logger, as some worker of the cluster was asked to. */
  readonly setLevel?: (logger: string, level: string) => void;
  readonly logLevel?: Level;
  /** Takes the log lines of the threads. Default: standard error. */
  readonly writeLog?: (line: string) => void;
}
