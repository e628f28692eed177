import {
  BehaviorSubject,
  catchError,
  concat,
  defer,
  EMPTY,
  type Observable,
  ReplaySubject,
  Subject,
  type Subscriber,
  Subscription,
  takeUntil,
  timer,
} from 'rxjs';
import { scheduleErrors } from '../errors/schedule.ts';
import type { EndReason, Flow } from '../record/ack.ts';
import type { Batch } from '../record/batch.ts';
import { returned } from '../record/outcome.ts';
import type { Assignments, CommittedOffset, Demand, SourceBatch } from '../sdk/source.ts';
import { AckTracker } from './ack-tracker.ts';
import { assemble } from './assemble.ts';
import { assignments } from './assignments.ts';
import { type CommitOptions, Commits } from './commit.ts';
import { drained } from './drain.ts';
import { observedPolicy } from './failure.ts';
import { Inlet } from './inlet.ts';
import { liveDemand } from './live-demand.ts';
import { NodeStates } from './node-states.ts';
import { Outlet } from './outlet.ts';
import type { RunEvent, RunOptions } from './run-options.ts';
import { Slice } from './slice.ts';
import { Stall } from './stall.ts';
import { Trampoline } from './trampoline.ts';
import { Watchdog } from './watchdog.ts';
import { Window } from './window.ts';

type State = 'opening' | 'running' | 'draining' | 'failing' | 'ended';

/** One run under way: the parts, how they are wired, and how they end. */
export class Task {
  readonly #options: RunOptions;
  readonly #subscriber: Subscriber<RunEvent>;
  #state: State = 'opening';
  readonly #subscriptions = new Subscription();
  #finish: Subscription | undefined;

  readonly #closed = new Subject<void>();
  readonly #idle = new Subject<void>();
  readonly #expired = new ReplaySubject<unknown>(1);
  readonly #ending = new ReplaySubject<EndReason>(1);
  readonly #committed = new Subject<readonly CommittedOffset[]>();

  readonly #states = new NodeStates();
  readonly #trampoline: Trampoline;
  readonly #slice: Slice;
  readonly #flow: Flow;
  readonly #tracker: AckTracker;
  readonly #commits: Commits;
  readonly #watchdog: Watchdog;
  readonly #stall: Stall;
  readonly #inlet: Inlet<SourceBatch<unknown>, unknown>;
  readonly #outlet: Outlet;
  readonly #demand: BehaviorSubject<Demand>;
  readonly #assignments: Assignments;

  constructor(options: RunOptions, subscriber: Subscriber<RunEvent>) {
    this.#options = options;
    this.#subscriber = subscriber;
    const { source, sink, limits, time } = options;
    this.#trampoline = new Trampoline(time, (error) => this.#fail(error));
    const isOpen = () => this.#state === 'running' && !this.#slice.over;
    this.#demand = new BehaviorSubject(liveDemand(isOpen, () => this.#tracker.demand));
    this.#slice = new Slice({ macrotask: options.macrotask, sliceMs: limits.sliceMs }, () => this.#tellDemand());
    this.#stall = new Stall({ time, limitMs: limits.stallMs, held: () => this.#tracker.held, tell: (event) => this.#emit(event) });
    this.#flow = this.#makeFlow();
    this.#tracker = this.#makeTracker(source.name);
    this.#commits = this.#makeCommits();
    this.#watchdog = this.#makeWatchdog();
    this.#inlet = new Inlet((batch) => this.#admit(batch));
    this.#outlet = new Outlet(sink.name, sink.sink as ConstructorParameters<typeof Outlet>[1], this.#flow);
    this.#assignments = assignments({ tracker: this.#tracker, outlet: this.#outlet, commits: this.#commits, time, settled: this.#demand });
  }

  start(): void {
    const { stop, offsets } = this.#options;
    this.#emit({ kind: 'running' });
    this.#subscriptions.add(stop.subscribe(({ deadlineMs }) => this.#stop(deadlineMs)));
    this.#subscriptions.add(
      defer(() => offsets.loadState?.() ?? EMPTY).subscribe({
        next: (state) => this.#states.load(state),
        error: (error) => this.#fail(error),
        complete: () => this.#open(),
      }),
    );
  }

  /** Ends at once: what is unsettled is returned, nothing is committed. Idempotent, and the teardown of every other end. */
  kill(): void {
    this.#state = 'ended';
    this.#finish?.unsubscribe();
    this.#commits.close();
    this.#watchdog.close();
    this.#stall.close();
    this.#tracker.close();
    this.#subscriptions.unsubscribe();
    this.#slice.close();
    this.#trampoline.close();
    this.#closed.next();
    this.#outlet.close().subscribe({ error: () => undefined });
  }

  #open(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'running';
    const { source, stages } = this.#options;
    this.#subscriptions.add(
      assemble(this.#inlet.batches, stages).subscribe({
        next: (batch) => this.#outlet.next(batch),
        error: (error) => this.#fail(error),
      }),
    );
    this.#commits.start();
    this.#watchdog.start();
    this.#stall.start();
    const port = {
      demand: this.#demand.asObservable(),
      committed: this.#committed.asObservable(),
      ending: this.#ending.asObservable(),
      assignments: this.#assignments,
    };
    this.#subscriptions.add(
      defer(() => source.open(port)).subscribe({
        next: (batch) => this.#inlet.next(batch),
        error: (error) => this.#fail(error),
        complete: () => this.#drain('complete'),
      }),
    );
  }

  /** Takes an emission into the window. What comes while the run ends, or holds no record, does not enter the graph. */
  #admit(emission: SourceBatch<unknown>): Batch<unknown> | undefined {
    try {
      const now = this.#options.time.now();
      this.#slice.worked(now);
      const batch = this.#tracker.track(emission, now);
      if (this.#state === 'running' && batch.records.length > 0) return batch;
      batch.ack.close(returned);
    } catch (error) {
      this.#fail(error);
    }
    return undefined;
  }

  #stop(deadlineMs: number): void {
    this.#subscriptions.add(timer(deadlineMs, this.#options.time).subscribe(this.#expired));
    // A stop during the drain of a bounded source cuts it short.
    if (this.#state === 'draining') this.#ending.next('stop');
    this.#drain('stop');
  }

  #drain(reason: EndReason): void {
    if (this.#state !== 'running' && this.#state !== 'opening') return;
    this.#state = 'draining';
    this.#stall.close();
    this.#emit({ kind: 'draining', reason });
    this.#tellDemand();
    this.#ending.next(reason);
    this.#inlet.complete();
    // Not from inside whatever ended the source: it may be a settle.
    this.#trampoline.later(() => this.#finishWith(this.#drainAndCommit(reason)));
  }

  #drainAndCommit(reason: EndReason): Observable<unknown> {
    const outlet = this.#outlet;
    const drain = drained({
      time: this.#options.time,
      flush: () => outlet.flush(reason),
      given: () => outlet.given,
      arrivals: outlet.arrivals,
      unsettled: () => this.#tracker.unsettled,
      idle: this.#idle,
      expired: this.#expired,
    });
    return concat(
      drain,
      defer(() => {
        this.#tracker.close();
        return this.#commits.now();
      }),
      outlet.close().pipe(takeUntil(this.#expired)),
    );
  }

  #finishWith(end: Observable<unknown>): void {
    if (this.#state !== 'draining') return;
    this.#finish = end.subscribe({
      error: (error) => this.#fail(error),
      complete: () => this.#subscriber.complete(),
    });
  }

  /** Fails the task: stores what has settled, then errors. The first reason counts. May be called from inside a settle. */
  #fail(error: unknown): void {
    if (this.#state === 'failing' || this.#state === 'ended') return;
    this.#state = 'failing';
    this.#tellDemand();
    this.#trampoline.later(() => {
      if (this.#state !== 'failing') return;
      const { time, limits } = this.#options;
      const silent = <T>(end: Observable<T>) => end.pipe(catchError(() => EMPTY));
      this.#finish?.unsubscribe();
      this.#finish = concat(
        silent(this.#commits.now()),
        defer(() => {
          this.#tracker.close();
          return silent(this.#outlet.close()).pipe(takeUntil(timer(limits.commitTimeoutMs, time)));
        }),
      ).subscribe({ complete: () => this.#subscriber.error(error) });
    });
  }

  #emit(event: RunEvent): void {
    this.#subscriber.next(event);
  }

  #tellDemand(): void {
    this.#demand.next(this.#demand.value);
  }

  #makeFlow(): Flow {
    const { time, policy, retry } = this.#options;
    const observe: Parameters<typeof observedPolicy>[1] = (record, failure) => this.#emit({ kind: 'record-failed', failure, record });
    return {
      scheduler: time,
      policy: observedPolicy(policy, observe, this.#closed),
      fail: (error) => this.#fail(error),
      retry: (...attempt) => {
        this.#stall.moved();
        return retry(...attempt);
      },
      ending: this.#ending.asObservable(),
      stateOf: (node) => this.#states.of(node),
      keepState: (node, snapshot) => this.#states.keep(node, snapshot),
    };
  }

  #makeTracker(source: string): AckTracker {
    const { windowRecords, windowBytes, span } = this.#options.limits;
    const later = (work: () => void) => this.#trampoline.later(work);
    const signals = { changed: () => this.#tellDemand(), freed: () => this.#stall.moved(), later };
    return new AckTracker(source, {
      flow: this.#flow,
      window: new Window({ records: windowRecords, bytes: windowBytes, span }, signals),
      failed: ({ error }) => this.#fail(error),
      idle: () => {
        if (this.#state === 'draining') later(() => this.#tracker.unsettled === 0 && this.#idle.next());
      },
      later,
    });
  }

  #makeCommits(): Commits {
    const { offsets: store, time, limits } = this.#options;
    return new Commits({
      store,
      time,
      intervalMs: limits.commitIntervalMs,
      timeoutMs: limits.commitTimeoutMs,
      take: () => this.#takeProgress(),
      isCurrent: (committable) => this.#tracker.isCurrent(committable),
      committed: (offsets, records) => {
        this.#committed.next(offsets);
        this.#emit({ kind: 'committed', offsets, records });
      },
      failed: (error) => this.#emit({ kind: 'commit-failed', error }),
    });
  }

  /** What a source or a node throws here would otherwise end in a commit that nobody waits for. */
  #takeProgress(): ReturnType<CommitOptions['take']> {
    try {
      return { offsets: this.#tracker.takeCommittable(), state: this.#states.take() };
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #makeWatchdog(): Watchdog {
    const { time, limits } = this.#options;
    return new Watchdog({
      time,
      limitMs: limits.watchdogMs,
      oldest: () => this.#tracker.oldest(),
      stuck: ({ node, partition }, ageMs) => this.#fail(scheduleErrors.STUCK({ node, partition: JSON.stringify(partition), ageMs })),
    });
  }
}
