import { defer, from, fromEvent, map, merge, NEVER, type Observable, of, switchMap, tap } from 'rxjs';
import { workerErrors } from '../errors/worker.ts';
import type { CompiledGraph } from '../graph/compile.ts';
import type { AnyDefinition } from '../graph/graph.ts';
import type { Driver } from '../kafka/driver.ts';
import { registryWith } from '../plugins/registry-with.ts';
import type { RunEvent, RunOptions } from '../schedule/run-options.ts';
import type { RawConfig } from '../sdk/config.ts';
import { logEvents } from '../telemetry/events.ts';
import { createLog, type Level } from '../telemetry/log.ts';
import { closing } from './closing.ts';
import { compiledOf, type Runnable } from './compiled-of.ts';
import { runTask } from './run-task.ts';
import { type Lease, leaseDriver, leaseFolder, leaseKafka } from './shared-driver.ts';
import { taskConfigs } from './task-configs.ts';
import { connectorContext, taskContext } from './task-context.ts';
import { tell } from './tell.ts';

export interface RunPipelineOptions {
  /** Properties of a worker, for connector configs: converters that they do not set, client settings by prefix. */
  readonly worker?: RawConfig;
  /** Plugins of your own that the pipeline names, beside those of the package. */
  readonly plugins?: readonly AnyDefinition[];
  /** Folder of the embedded broker, which keeps topics and offsets. Default: `.sluice`. */
  readonly data?: string;
  /** `host:port` of Kafka brokers, instead of `data`. */
  readonly bootstrap?: string;
  /** A driver that the caller opened, and closes afterwards; instead of `data`. */
  readonly driver?: Driver;
  /** Asks for a stop: sources end, what is in flight settles and is committed, within `stopTimeoutMs`; then the Observable completes. */
  readonly signal?: AbortSignal;
  /** Default: 5,000. */
  readonly stopTimeoutMs?: number;
  /** Default: `warn`: nothing is told when all is well. */
  readonly logLevel?: Level;
}

/** What happens to one task of a pipeline. */
export type PipelineEvent = RunEvent & { readonly pipeline: string; readonly task: number };

/**
 * Runs a pipeline in this thread: one written in code, its JSON document, or the config of a Connect connector.
 *
 * Nothing happens before the Observable is subscribed. It completes when the source is exhausted, or when a stop that `signal` asked for is
 * done, and errors when a task fails; both after what has settled is committed. Unsubscribing is a kill: what was not committed repeats with
 * the next run. Pipelines of one process on the same data folder or driver share it.
 */
export function run(pipeline: Runnable, options: RunPipelineOptions = {}): Observable<PipelineEvent> {
  return defer(() => compiledOf(pipeline, { ...options, plugins: registryWith(options.plugins) })).pipe(
    switchMap((graph) => {
      const leasing = leaseOf(graph.name, options);
      const release = () => leasing.then((lease) => lease.release());
      return closing(from(leasing).pipe(switchMap((lease) => runTasks(graph, lease, options))), release);
    }),
  );
}

function leaseOf(pipeline: string, { data, bootstrap, driver }: RunPipelineOptions): Promise<Lease> {
  const given = { data, bootstrap, driver };
  const named = (['driver', 'bootstrap', 'data'] as const).filter((name) => given[name] !== undefined);
  if (named.length > 1) throw workerErrors.TWO_DRIVERS({ pipeline, named });
  if (driver) return leaseDriver(driver);
  return bootstrap === undefined ? leaseFolder(data ?? '.sluice') : leaseKafka(bootstrap);
}

/** A task that fails ends the others as a kill would: what they had not committed repeats. */
function runTasks(graph: CompiledGraph, lease: Lease, options: RunPipelineOptions): Observable<PipelineEvent> {
  const log = createLog({ level: options.logLevel ?? 'warn' });
  const events = logEvents(log);
  const context = connectorContext(graph.name, lease.driver, log);
  const stop = stopOf(options);
  const runOne = (configs: { readonly source: unknown; readonly sink: unknown }, task: number): Observable<PipelineEvent> => {
    const name = { pipeline: graph.name, task };
    const offsets = () => defer(() => lease.offsets()).pipe(map((topic) => topic.store(graph.name, task)));
    return runTask({ graph, ...configs, context: taskContext(context, task, log), offsets, stop }).pipe(
      tap({
        next: tell(events, { connector: graph.name, task }, graph.settings),
        complete: () => events.taskEnded({ connector: graph.name, task }),
      }),
      map((event) => ({ ...event, ...name })),
    );
  };
  return taskConfigs(graph, context).pipe(switchMap((configs) => merge(...configs.map(runOne))));
}

function stopOf({ signal, stopTimeoutMs = 5_000 }: RunPipelineOptions): RunOptions['stop'] {
  if (signal === undefined) return NEVER;
  const stop = { deadlineMs: stopTimeoutMs };
  return defer(() => (signal.aborted ? of(stop) : fromEvent(signal, 'abort').pipe(map(() => stop))));
}
