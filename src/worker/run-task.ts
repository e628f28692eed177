import { asapScheduler, defer, EMPTY, lastValueFrom, type Observable, switchMap } from 'rxjs';
import type { CompiledGraph } from '../graph/compile.ts';
import type { PipelineSettings } from '../graph/pipeline-spec.ts';
import { kafkaDriver } from '../kafka/driver.ts';
import type { Policy } from '../record/ack.ts';
import { run } from '../schedule/run.ts';
import type { RunEvent, RunOptions, SourcePort } from '../schedule/run-options.ts';
import type { TaskContext } from '../sdk/context.ts';
import type { OffsetStore, PartitionShare, SourceBatch } from '../sdk/source.ts';
import { closing } from './closing.ts';
import { DeadLetters } from './dead-letters.ts';
import { openLetterBox } from './letter-box.ts';
import { macrotaskScheduler } from './macrotask-scheduler.ts';
import { openSink } from './open-sink.ts';
import { type Policies, policies } from './policy.ts';
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
  /** Whether the worker's store is meant for all sources, also for those that bring their own. */
  readonly offsetsAreAsked?: boolean;
  readonly stop: RunOptions['stop'];
  /** As that of a run. Default: for ever. */
  readonly stallMs?: number;
  /** What becomes of failed records. Default: the error of the record is the task's. */
  readonly policies?: Policies;
  /** Changes what the run lends to the source: pauses, the task's share of the partitions. */
  readonly lend?: (port: SourcePort) => SourcePort & { readonly share?: PartitionShare };
  /** Holds back what the source emits. */
  readonly gate?: (batches: Observable<SourceBatch<unknown>>) => Observable<SourceBatch<unknown>>;
}

/** Opens the plugins of a task and runs its graph. Cold: opens when subscribed, and closes what it opened when it ends. */
export function runTask(task: TaskOptions): Observable<RunEvent> {
  return defer(() => {
    const own = task.offsetsAreAsked ? undefined : task.graph.source.definition.offsetStore?.(task.source, task.context);
    if (own === undefined) return task.offsets().pipe(switchMap((store) => runOn(store, task)));
    return closing(
      defer(() => runOn(own, task)),
      () => lastValueFrom(own.close?.() ?? EMPTY, { defaultValue: undefined }),
    );
  });
}

/** Dead letters have their own producer: it is opened before the task's plugins, and closed after them. */
function runOn(store: OffsetStore, task: TaskOptions): Observable<RunEvent> {
  const { errors } = task.graph.settings;
  const policy = (task.policies ?? policies)[errors.tolerance];
  const { deadLetters } = errors;
  if (deadLetters === undefined) return runWith(policy, store, task);
  const { context } = task;
  const sender = { connector: context.connector, task: context.task, classAt: task.graph.classAt };
  return defer(() => openLetterBox(context.resource(kafkaDriver), deadLetters)).pipe(
    switchMap((box) => {
      const letters = new DeadLetters(box.send, sender, deadLetters.contextHeaders);
      return closing(runWith(letters.before(policy), store, task), () => box.close());
    }),
  );
}

function runWith(
  policy: Policy,
  store: OffsetStore,
  { graph, source, sink, context, stop, stallMs, lend, gate }: TaskOptions,
): Observable<RunEvent> {
  const { errors } = graph.settings;
  // Before the sink is open: what throws here leaves nothing to close.
  const stages = graph.stages.map(({ name, create }) => ({ name, operator: create(context) }));
  const openSource = (port: SourcePort): Observable<SourceBatch<unknown>> => {
    const lent = lend?.(port) ?? port;
    const batches = graph.source.definition.open(source, { ...context, ...lent, offsets: (partitions) => store.load(partitions) });
    return gate ? gate(batches) : batches;
  };
  return openSink(() => graph.sink.definition.open(sink, context)).pipe(
    switchMap((openedSink) =>
      run({
        source: { name: graph.source.name, open: openSource },
        stages,
        sink: { name: graph.sink.name, sink: openedSink },
        offsets: store,
        policy,
        retry: connectRetry({ timeoutMs: errors.retryTimeoutMs, maxDelayMs: errors.retryMaxDelayMs }),
        limits: { ...limitsOf(graph.settings), stallMs: stallMs ?? Number.POSITIVE_INFINITY },
        time: asapScheduler,
        macrotask: macrotaskScheduler,
        stop,
      }),
    ),
  );
}

const limitsOf = ({ window, span, commitIntervalMs, commitTimeoutMs, watchdogMs, sliceMs }: PipelineSettings) => ({
  windowRecords: window.records,
  windowBytes: window.bytes,
  span,
  commitIntervalMs,
  commitTimeoutMs,
  watchdogMs: watchdogMs ?? Number.POSITIVE_INFINITY,
  sliceMs,
});
