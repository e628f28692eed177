import type { PluginHost } from '../plugins/host/plugin-host.ts';
import type { RawConfig } from '../sdk/config.ts';
import { createLog, type Level } from '../telemetry/log.ts';
import { answerOffsets, type SourceOffsets } from './answer-offsets.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { ClientOwner } from './client-properties.ts';
import type { ConnectorHost } from './connector-host.ts';
import type { KeptOffsets } from './connector-offsets.ts';
import type { ConnectorStore } from './connector-store.ts';
import { driverLender, type Lent } from './lend-driver.ts';
import type { Resolve } from './resolve.ts';
import { ThreadPool } from './thread-pool.ts';
import { workerSettings } from './worker-settings.ts';

export interface StandaloneOptions {
  /** `host:port` of the advertised URL. */
  readonly workerId: string;
  /** What the clients of connectors reach. */
  readonly broker: BrokerAccess;
  readonly offsets: SourceOffsets & KeptOffsets;
  /** Keeps connectors: whoever asks for a change is told of it when it is stored. Default: they are forgotten with the worker. */
  readonly store?: ConnectorStore | undefined;
  /** Properties of the worker: converters, clients, threads and time-outs. */
  readonly worker?: RawConfig;
  /** Modules that bring further plugins. */
  readonly plugins?: readonly string[];
  /** Asked about those; who gives it closes it. Default: one of its own. */
  readonly pluginHost?: PluginHost;
  /** Replaces references to config providers. */
  readonly resolve?: Resolve;
  /** Takes secrets out of what the threads say. */
  readonly redact?: (text: string) => string;
  readonly logLevel?: Level;
  /** Takes the log lines of the threads. Default: standard error. */
  readonly writeLog?: (line: string) => void;
}

export interface StandaloneHost {
  readonly host: ConnectorHost;
  /** Drivers of connectors, also where their sinks have no groups. */
  readonly lend: (owner: ClientOwner) => Promise<Lent>;
}

/** What the connectors of a worker that stands alone need of it. */
export function standaloneHost(options: StandaloneOptions, told: Pick<ConnectorHost, 'tell' | 'used'>): StandaloneHost {
  const { workerId, broker, resolve, worker = {}, plugins = [], logLevel = 'warn' } = options;
  const { writeLog = (line: string) => process.stderr.write(line), redact } = options;
  const settings = workerSettings(worker);
  const redacting = redact === undefined ? {} : { redact };
  const log = createLog({ level: logLevel, write: writeLog, ...redacting });
  const lend = driverLender(broker, log);
  const pool = new ThreadPool({
    threads: settings['task.threads'],
    livenessMs: settings['task.liveness.timeout.ms'],
    settings: { broker, worker, plugins, logLevel },
    answer: answerOffsets(options.offsets),
    log: writeLog,
    ...redacting,
  });
  const gracefulMs = settings['task.shutdown.graceful.timeout.ms'];
  const groups = broker.kind === 'kafka' ? { groups: lend } : {};
  return { host: { workerId, worker, gracefulMs, pool, ...groups, resolve, log, ...told }, lend };
}
