import { asapScheduler, defer, from, isObservable, type Observable, type ObservableInput, of, switchMap } from 'rxjs';
import type { CompiledGraph } from '../graph/compile.ts';
import type { PipelineSettings } from '../graph/pipeline-spec.ts';
import { run } from '../schedule/run.ts';
import type { Limits, RunEvent, RunOptions, SourcePort } from '../schedule/run-options.ts';
import type { TaskContext } from '../sdk/context.ts';
import type { Sink } from '../sdk/sink.ts';
import type { OffsetStore, SourceBatch } from '../sdk/source.ts';
import { macrotaskScheduler } from './macrotask-scheduler.ts';
import { policies } from './policy.ts';
import { connectRetry } from './retry.ts';

/** What one task of a pipeline runs with. */
export interface TaskOptions {
  readonly graph: CompiledGraph;
  /** Parsed configs of this task: the work is divided by them. */
  readonly source: unknown;
  readonly sink: unknown;
  readonly context: TaskContext;
  /** The worker's store, for sources that do not bring their own. */
  readonly offsets: () => Observable<OffsetStore>;
  readonly stop: RunOptions['stop'];
}

/** Opens the plugins of a task and runs its graph. Cold: opens when subscribed, and closes what it opened when it ends. */
export function runTask({ graph, source, sink, context, offsets, stop }: TaskOptions): Observable<RunEvent> {
  const { settings } = graph;
  const own = graph.source.definition.offsetStore?.(source, context);
  return (own ? of(own) : offsets()).pipe(
    switchMap((store) =>
      opened(() => graph.sink.definition.open(sink, context)).pipe(
        switchMap((openedSink) =>
          run({
            source: { name: graph.source.name, open: (port) => openSource(graph, source, context, store, port) },
            stages: graph.stages.map(({ name, create }) => ({ name, operator: create() })),
            sink: { name: graph.sink.name, sink: openedSink },
            offsets: store,
            policy: policies[settings.errors.tolerance],
            retry: connectRetry({ timeoutMs: settings.errors.retryTimeoutMs, maxDelayMs: settings.errors.retryMaxDelayMs }),
            limits: limitsOf(settings),
            time: asapScheduler,
            macrotask: macrotaskScheduler,
            stop,
          }),
        ),
      ),
    ),
  );
}

/** A sink is there at once or comes later. */
function opened(open: () => Sink<never> | ObservableInput<Sink<never>>): Observable<Sink<never>> {
  return defer(() => {
    const answer = open();
    return isSink(answer) ? of(answer) : from(answer);
  });
}

const isSink = (answer: Sink<never> | ObservableInput<Sink<never>>): answer is Sink<never> =>
  !isObservable(answer) && 'next' in answer && !(Symbol.iterator in answer);

function openSource(
  graph: CompiledGraph,
  config: unknown,
  context: TaskContext,
  store: OffsetStore,
  port: SourcePort,
): Observable<SourceBatch<unknown>> {
  return graph.source.definition.open(config, { ...context, ...port, offsets: (partitions) => store.load(partitions) });
}

const limitsOf = ({ window, span, commitIntervalMs, commitTimeoutMs, watchdogMs, sliceMs }: PipelineSettings): Limits => ({
  windowRecords: window.records,
  windowBytes: window.bytes,
  span,
  commitIntervalMs,
  commitTimeoutMs,
  watchdogMs: watchdogMs ?? Number.POSITIVE_INFINITY,
  sliceMs,
});
