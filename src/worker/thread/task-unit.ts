import { concatMap, defer, first, from, map, type Observable, of, ReplaySubject, Subject, type Subscription, switchMap, tap } from 'rxjs';
import type { CompiledGraph } from '../../graph/compile.ts';
import type { Driver } from '../../kafka/driver.ts';
import { consumerSettings } from '../../kafka/kafkajs/settings.ts';
import type { RunEvent, SourcePort } from '../../schedule/run-options.ts';
import { parseConfig } from '../../sdk/define.ts';
import type { PartitionShare, SourcePartition } from '../../sdk/source.ts';
import { logEvents } from '../../telemetry/events.ts';
import { clientProperties } from '../client-properties.ts';
import { closing } from '../closing.ts';
import { compiledOf } from '../compiled-of.ts';
import type { Assignment, Unit } from '../messages.ts';
import { connectPolicies } from '../policy.ts';
import { runTask } from '../run-task.ts';
import { connectorContext, taskContext } from '../task-context.ts';
import type { PauseReason } from '../task-state.ts';
import { tell } from '../tell.ts';
import { trackTopics } from '../track-topics.ts';
import { askedOffsets } from './asked-offsets.ts';
import type { UnitOptions } from './connector-unit.ts';
import { connectorNode } from './divide.ts';
import { endingEpochs, gatedBatches } from './gated-batches.ts';
import { gatedDemand } from './gated-demand.ts';
import { TaskPauses } from './task-pauses.ts';

type TaskSpec = Extract<Unit, { kind: 'task' }>;

/** A task at work. One that begins paused opens nothing before it is resumed. */
export class TaskUnit {
  readonly #unit: TaskSpec;
  readonly #options: UnitOptions;
  readonly #pauses: TaskPauses;
  readonly #stop = new ReplaySubject<{ readonly deadlineMs: number }>(1);
  readonly #assigned = new ReplaySubject<Assignment>(1);
  /** Partitions whose epoch ends. */
  readonly #ended = new Subject<readonly SourcePartition[]>();
  #running = false;
  #work: Subscription | undefined;

  constructor(unit: TaskSpec, options: UnitOptions) {
    this.#unit = unit;
    this.#options = options;
    this.#pauses = new TaskPauses(unit.pausedBy);
  }

  start(): void {
    const { ended, failed } = this.#options;
    this.#work = defer(() => this.#compile())
      .pipe(
        concatMap((graph) => this.#opened().pipe(map(() => graph))),
        switchMap((graph) => this.#run(graph)),
      )
      .subscribe({ error: failed, complete: ended });
  }

  /** Emits when the task is not paused, at once or later. */
  #opened(): Observable<boolean> {
    const { run, host } = this.#options;
    if (!this.#pauses.open.value) host.tell({ kind: 'started', run });
    return this.#pauses.open.pipe(first((open) => open));
  }

  pause(reason: PauseReason): void {
    this.#pauses.pause(reason);
  }

  resume(reason: PauseReason): void {
    this.#pauses.resume(reason);
  }

  /** Drains within the deadline. What has not begun yet has nothing to drain. */
  stop(deadlineMs: number): void {
    if (this.#running) this.#stop.next({ deadlineMs });
    else {
      this.cancel();
      this.#options.ended();
    }
  }

  /** A kill: what was not committed repeats. */
  cancel(): void {
    this.#work?.unsubscribe();
  }

  assign(assignment: Assignment): void {
    this.#assigned.next(assignment);
  }

  async #compile(): Promise<CompiledGraph> {
    const { host, run } = this.#options;
    const { config } = this.#unit;
    const plugins = await host.plugins();
    const graph = await compiledOf({ ...config, 'connector.class': config['connector.class'] }, { worker: host.worker, plugins });
    host.tell({ kind: 'built', run });
    return graph;
  }

  #run(graph: CompiledGraph) {
    const { host, run, failed } = this.#options;
    const { connector, task, part, partitions } = this.#unit;
    const type = connectorNode(graph).definition.kind;
    const tracked = (driver: Driver) => trackTopics(driver, type, (topics) => host.tell({ kind: 'used', run, topics }));
    const events = tell(logEvents(host.log), { connector, task }, graph.settings);
    const runOn = (driver: Driver) =>
      runTask({
        graph,
        source: part.source === null ? graph.source.config : parseConfig(graph.source.definition, part.source),
        sink: part.sink === null ? graph.sink.config : parseConfig(graph.sink.definition, part.sink),
        context: taskContext(connectorContext(connector, driver, host.log), task, host.log),
        ...(partitions === 'group' ? { offsetsAreAsked: true, stallMs: this.#maxPollMs() } : {}),
        offsets: () => of(askedOffsets((question) => host.ask(run, question))),
        stop: this.#stop,
        policies: connectPolicies,
        lend: (port) => this.#lend(port),
        gate: (batches) => gatedBatches(batches, this.#pauses.open, this.#ended),
      });
    return from(host.lend({ connector, task, config: this.#unit.config, sink: type === 'sink' })).pipe(
      switchMap((lent) =>
        closing(
          // At once: clients of brokers that are away may take long to close.
          defer(() => runOn(tracked(lent.driver))).pipe(tap({ error: failed })),
          lent.close,
        ),
      ),
      switchMap((event) => {
        // That it runs is told by the main thread, as all changes of its state are.
        if (event.kind !== 'running') events(event);
        this.#report(event);
        return [];
      }),
    );
  }

  /** A member that makes no progress for so long leaves its group. */
  #maxPollMs(): number {
    const { connector, task, config } = this.#unit;
    return consumerSettings(clientProperties(this.#options.host.worker, { connector, task, config }).consumer)['max.poll.interval.ms'];
  }

  #lend(port: SourcePort): SourcePort & { readonly share?: PartitionShare } {
    const { host, run } = this.#options;
    const demand = gatedDemand(port.demand, this.#pauses.open);
    const assignments = endingEpochs(port.assignments, (partitions) => this.#ended.next(partitions));
    if (this.#unit.partitions === 'all') return { ...port, demand, assignments };
    const share: PartitionShare = {
      found: (partitions) => host.tell({ kind: 'found', run, partitions }),
      assigned: this.#assigned.pipe(
        map(({ number, ...assignment }) => {
          const { partitions } = assignment;
          return { ...assignment, done: () => host.tell({ kind: 'holding', run, number, partitions }) };
        }),
      ),
    };
    return { ...port, demand, assignments, share };
  }

  #report(event: RunEvent): void {
    const { host, run } = this.#options;
    if (event.kind === 'running') {
      this.#running = true;
      host.tell({ kind: 'started', run });
    }
    if (event.kind === 'stalled' || event.kind === 'moving') host.tell({ kind: event.kind, run });
    if (event.kind === 'committed') host.tell({ kind: 'committed', run, records: event.records });
  }
}
