import { type ConnectorFile, isConnectorFile, readConnectorFile, refuseSameNames } from '../../config/connector-file.ts';
import { connectorResolver } from '../../config/resolve-connector.ts';
import { readWorkerConfig, type WorkerConfig } from '../../config/worker-config.ts';
import { runConfig } from '../../graph/run-config.ts';
import { connectVersion } from '../../plugins/connect-version.ts';
import { importDefinition } from '../../plugins/import-definition.ts';
import { PluginRegistry } from '../../plugins/registry.ts';
import { type OpenRest, openRest } from '../../rest/open-rest.ts';
import type { ConfigProviderDefinition } from '../../sdk/config-provider.ts';
import { createLog, type Level, type Logger, setLogLevel } from '../../telemetry/log.ts';
import { Loggers } from '../../telemetry/loggers.ts';
import { Redaction } from '../../telemetry/redaction.ts';
import { logWorkerEvent } from '../../telemetry/worker-events.ts';
import { saveCompiled } from '../../worker/compile-cache.ts';
import { StandaloneConnectors } from '../../worker/standalone-connectors.ts';
import { workerConfig } from '../../worker/worker-settings.ts';
import { checkConverters } from '../check-converters.ts';
import { openBroker } from '../open-broker.ts';
import { openPlugins } from '../open-plugins.ts';
import { packageVersion } from '../package-version.ts';
import { exitCode, report } from '../report.ts';
import { stopSignal } from '../stop-signal.ts';
import { aborted, closingInReverse, unlessStopped } from '../worker-end.ts';
import { growAgain } from './lean-start.ts';
import { openState } from './open-state.ts';
import { startConnectors } from './start-connectors.ts';

export interface StandaloneOptions {
  /** Properties of the worker, then connectors; the first one may be a connector too. */
  readonly files: readonly string[];
  /** Settings of the command line. */
  readonly settings: Readonly<Record<string, string>>;
  readonly logLevel: Level;
  readonly debug: boolean;
}

/** A connector of the command line that cannot be started ends the worker with this, as Connect's. */
const CONNECTOR_FAILED = 3;

/** Runs a standalone worker until a signal ends it; answers with the exit code. */
export async function runStandalone({ files, settings, logLevel, debug }: StandaloneOptions): Promise<number> {
  const redaction = new Redaction();
  const log = createLog({ level: logLevel, redact: redaction.of });
  const { workerFile, connectorFiles } = await readFiles(files);
  const config = await readWorkerConfig({
    ...(workerFile === undefined ? {} : { file: workerFile }),
    also: [workerConfig, runConfig],
    environment: process.env,
    importProvider: (name) => importDefinition<ConfigProviderDefinition>(name, 'config-provider'),
    overrides: settings,
    warn: (message, facts) => log.warn(facts, message),
  });
  const stop = stopSignal((signal) => process.stderr.write(`${signal}: stopping; once more ends at once\n`));
  const rest = await openRest(config, (message) => log.warn(message));
  try {
    const serving = { config, connectorFiles, rest, log, redaction, logLevel, debug, stopped: stop.signal, stopCode: stop.exitCode };
    const code = await closingInReverse((closing) => run(serving, closing)).catch(unlessStopped(stop.signal));
    return code ?? stop.exitCode() ?? exitCode.ok;
  } finally {
    // Where nothing could be opened there are only requests that nobody will answer.
    await rest.close(0);
    stop.release();
  }
}

interface Serving {
  readonly config: WorkerConfig;
  readonly connectorFiles: readonly ConnectorFile[];
  readonly rest: OpenRest;
  readonly log: Logger;
  readonly redaction: Redaction;
  readonly logLevel: Level;
  readonly debug: boolean;
  readonly stopped: AbortSignal;
  readonly stopCode: () => number | undefined;
}

/** Opens everything, waits for the end, and answers with the exit code. What `closing` is given is called afterwards, the last one first. */
async function run(serving: Serving, closing: (close: () => Promise<void>) => void): Promise<number> {
  const { config, connectorFiles, rest, log, redaction, logLevel, debug, stopped, stopCode } = serving;
  const { modules, pluginHost } = await openPlugins(config, { mode: 'standalone' }, log);
  closing(() => pluginHost.close());
  await checkConverters(config, pluginHost);
  const { driver, access, clusterId } = await openBroker(config, { log, stopped });
  closing(() => driver.close());
  const state = await openState(driver, config, log);
  closing(() => state.close());
  const resolve = connectorResolver(config, redaction);
  const worker = new StandaloneConnectors({
    workerId: rest.workerId,
    broker: access,
    offsets: state.offsets,
    store: state.connectors,
    worker: config.originals,
    redact: redaction.of,
    plugins: modules,
    pluginHost,
    resolve,
    logLevel,
  });
  worker.events.subscribe((event) => logWorkerEvent(log, event));
  // Together: a client that is slow to read or write does not keep connectors from draining.
  const graceMs = config.settings['task.shutdown.graceful.timeout.ms'] ?? undefined;
  closing(async () => void (await Promise.all([rest.close(graceMs), worker.close()])));
  let started = false;
  const about = { version: connectVersion, commit: 'unknown', clusterId, pluginVersion: packageVersion() };
  const loggers = new Loggers(logLevel, (level) => {
    setLogLevel(log, level);
    worker.logLevel(level);
  });
  await rest.serve({ connectors: worker, plugins: new PluginRegistry(), pluginHost, resolve, loggers, about, ready: () => started });
  growAgain();
  const kept = state.connectors?.connectors ?? new Map();
  const starting = startConnectors(worker, { kept, files: connectorFiles, log, stopped });
  const end = aborted(stopped);
  try {
    await Promise.race([starting.ready, end]);
    if (!stopped.aborted) {
      started = true;
      process.stderr.write(`REST on ${rest.urls.join(', ')}; ${placeOf(config)}\n`);
      // What was not needed to answer comes after the first answers.
      worker.warm();
      saveCompiled();
    }
    await Promise.race([starting.failed, end]);
  } catch (error) {
    report(error, debug);
    return CONNECTOR_FAILED;
  }
  return stopCode() ?? exitCode.ok;
}

async function readFiles(files: readonly string[]): Promise<{ workerFile: string | undefined; connectorFiles: readonly ConnectorFile[] }> {
  const [first, ...rest] = files;
  const startsWithConnector = first !== undefined && (await isConnectorFile(first));
  const connectorFiles: ConnectorFile[] = [];
  for (const file of startsWithConnector ? files : rest) connectorFiles.push(await readConnectorFile(file));
  refuseSameNames(connectorFiles);
  return { workerFile: startsWithConnector ? undefined : first, connectorFiles };
}

/** Where records are. */
const placeOf = ({ settings }: WorkerConfig): string => {
  const servers = settings['bootstrap.servers'] ?? [];
  return servers.length > 0 ? `brokers ${servers.join(',')}` : `data in ${settings['data.dir']}`;
};
