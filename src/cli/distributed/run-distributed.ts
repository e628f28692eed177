import { distributedConfig, distributedSettings } from '../../config/distributed-config.ts';
import { connectorResolver } from '../../config/resolve-connector.ts';
import { readWorkerConfig, type WorkerConfig } from '../../config/worker-config.ts';
import { cliErrors } from '../../errors/cli.ts';
import { runConfig } from '../../graph/run-config.ts';
import { connectVersion } from '../../plugins/connect-version.ts';
import { importDefinition } from '../../plugins/import-definition.ts';
import { PluginRegistry } from '../../plugins/registry.ts';
import { type OpenRest, openRest } from '../../rest/open-rest.ts';
import type { ConfigProviderDefinition } from '../../sdk/config-provider.ts';
import type { ConfigChange } from '../../store/config-state.ts';
import { createLog, type Level, type Logger, setLogLevel } from '../../telemetry/log.ts';
import { Loggers } from '../../telemetry/loggers.ts';
import { Redaction } from '../../telemetry/redaction.ts';
import { logWorkerEvent } from '../../telemetry/worker-events.ts';
import { saveCompiled } from '../../worker/compile-cache.ts';
import { DistributedConnectors } from '../../worker/distributed/distributed-connectors.ts';
import { typeOf } from '../../worker/distributed/type-of.ts';
import { holdGroup, type WorkerGroup } from '../../worker/distributed/worker-group.ts';
import { workerConfig } from '../../worker/worker-settings.ts';
import { checkConverters } from '../check-converters.ts';
import { openBroker } from '../open-broker.ts';
import { openPlugins } from '../open-plugins.ts';
import { packageVersion } from '../package-version.ts';
import { exitCode } from '../report.ts';
import { stopSignal } from '../stop-signal.ts';
import { aborted, closingInReverse, unlessStopped } from '../worker-end.ts';
import { openTopics } from './open-topics.ts';

export interface DistributedOptions {
  /** Properties of the worker; without them the environment says all. */
  readonly file?: string;
  /** Settings of the command line. */
  readonly settings: Readonly<Record<string, string>>;
  readonly logLevel: Level;
}

/** Runs a worker of a cluster until a signal ends it; answers with the exit code. */
export async function runDistributed({ file, settings, logLevel }: DistributedOptions): Promise<number> {
  const redaction = new Redaction();
  const log = createLog({ level: logLevel, redact: redaction.of });
  const config = await readWorkerConfig({
    ...(file === undefined ? {} : { file }),
    mode: 'distributed',
    also: [distributedConfig, workerConfig, runConfig],
    environment: process.env,
    importProvider: (name) => importDefinition<ConfigProviderDefinition>(name, 'config-provider'),
    overrides: settings,
    warn: (message, facts) => log.warn(facts, message),
  });
  if ((config.settings['bootstrap.servers'] ?? []).length === 0) throw cliErrors.NO_CLUSTER({ file: file ?? 'environment' });
  const stop = stopSignal((signal) => process.stderr.write(`${signal}: stopping; once more ends at once\n`));
  const rest = await openRest(config, (message) => log.warn(message));
  try {
    const running = { config, rest, log, redaction, logLevel, stopped: stop.signal };
    await closingInReverse((closing) => run({ ...running, closing })).catch(unlessStopped(stop.signal));
    return stop.exitCode() ?? exitCode.ok;
  } finally {
    // Where nothing could be opened there are only requests that nobody will answer.
    await rest.close(0);
    stop.release();
  }
}

interface Running {
  readonly config: WorkerConfig;
  readonly rest: OpenRest;
  readonly log: Logger;
  readonly redaction: Redaction;
  readonly logLevel: Level;
  readonly stopped: AbortSignal;
  readonly closing: (close: () => Promise<void>) => void;
}

/** Opens everything and waits for the end. Fails when the cluster can no longer be heard: better no worker than one that is deaf. */
async function run(running: Running): Promise<void> {
  const { config, rest, log, logLevel, stopped, closing } = running;
  const group = groupOf(config);
  const { modules, pluginHost } = await openPlugins(config, { mode: 'distributed', groupId: group.groupId, exactlyOnce: false }, log);
  closing(() => pluginHost.close());
  await checkConverters(config, pluginHost);
  const { driver, access, clusterId } = await openBroker(config, { log, stopped });
  closing(() => driver.close());
  let changed: (change: ConfigChange) => void = () => undefined;
  const broken = Promise.withResolvers<never>();
  // Also a failure that comes before anybody waits for one.
  broken.promise.catch(() => undefined);
  const onFailure = broken.reject;
  await holdGroup(driver, { ...group, workerId: rest.workerId }, { log, stopped, onLost: onFailure });
  const topics = await openTopics(driver, { worker: config.originals, log, onChange: (change) => changed(change), onFailure });
  closing(() => topics.close());
  const plugins = new PluginRegistry();
  const resolve = connectorResolver(config, running.redaction);
  const loggers = new Loggers(logLevel, (level) => {
    setLogLevel(log, level);
    worker.logLevel(level);
  });
  const worker = new DistributedConnectors({
    workerId: rest.workerId,
    broker: access,
    ...topics,
    worker: config.originals,
    typeOf: typeOf(plugins),
    plugins: modules,
    pluginHost,
    resolve,
    redact: running.redaction.of,
    setLevel: (logger, level) => loggers.set(logger, level),
    logLevel,
  });
  changed = (change) => worker.changed(change);
  worker.events.subscribe((event) => logWorkerEvent(log, event));
  // Together: a client that is slow to read or write does not keep connectors from draining.
  const graceMs = config.settings['task.shutdown.graceful.timeout.ms'] ?? undefined;
  closing(async () => void (await Promise.all([rest.close(graceMs), worker.close()])));
  worker.start();
  const about = { version: connectVersion, commit: 'unknown', clusterId, pluginVersion: packageVersion() };
  const setClusterLevel = (logger: string, level: string) => worker.setLevelOfAll(logger, level);
  await rest.serve({ connectors: worker, plugins, pluginHost, resolve, loggers, setClusterLevel, about, inCluster: true });
  if (isOpenToAll(config))
    log.warn('REST listens on more than this machine and asks nobody who he is: anybody who reaches it may change it');
  process.stderr.write(`REST on ${rest.urls.join(', ')}; brokers ${config.originals['bootstrap.servers']}\n`);
  worker.warm();
  saveCompiled();
  await Promise.race([aborted(stopped), broken.promise]);
}

/** Longer than a session, a worker that was killed does not count. */
const slackMs = 2_000;

function groupOf({ originals }: WorkerConfig): Omit<WorkerGroup, 'workerId'> {
  const settings = distributedSettings(originals);
  const sessionMs = settings['session.timeout.ms'];
  return {
    groupId: settings['group.id'],
    sessionMs,
    heartbeatMs: settings['heartbeat.interval.ms'],
    rebalanceMs: settings['rebalance.timeout.ms'],
    patienceMs: sessionMs + slackMs,
  };
}

/** Whether somebody elsewhere may call who has not said who he is. */
function isOpenToAll({ settings }: WorkerConfig): boolean {
  const asks = settings['rest.extension.classes'].length > 0 || settings['ssl.client.auth'] === 'required';
  return !asks && settings.listeners.some((listener) => !/^https?:\/\/(localhost|127\.|\[?::1\]?)/i.test(listener));
}
