import { defer, EMPTY, from, type Observable, type ObservableInput, Subject } from 'rxjs';
import type { EndReason, Flow } from '../record/ack.ts';
import type { Batch } from '../record/batch.ts';
import { intercept } from '../record/intercept.ts';
import { returned } from '../record/outcome.ts';
import type { Sink } from '../sdk/sink.ts';
import { SinkFailures } from './failure.ts';

/**
 * The end of the graph: the only caller of the sink. What the sink throws fails the task instead of vanishing; a record that the sink
 * fails goes to the policy first.
 */
export class Outlet {
  readonly #name: string;
  readonly #sink: Sink<unknown>;
  readonly #flow: Flow;
  /** Batches given to the sink so far. */
  given = 0;
  readonly arrivals = new Subject<void>();
  #closed = false;

  constructor(name: string, sink: Sink<unknown>, flow: Flow) {
    this.#name = name;
    this.#sink = sink;
    this.#flow = flow;
  }

  next({ records, ack }: Batch<unknown>): void {
    if (ack.stale) {
      // I11: these records are another task's by now.
      ack.settle(returned);
      return;
    }
    const guarded = intercept(ack, new SinkFailures(this.#flow.policy, records));
    guarded.at(this.#name);
    this.given++;
    try {
      this.#sink.next({ records, ack: guarded });
    } catch (error) {
      // No record is to blame for it, so no policy may skip them: they are returned, and the task fails.
      guarded.close(returned);
      this.#flow.fail(error);
    }
    this.arrivals.next();
  }

  flush(reason: EndReason | 'commit'): Observable<unknown> {
    return ended(() => this.#sink.flush?.(reason));
  }

  assigned(...partitions: Parameters<NonNullable<Sink['assigned']>>): Observable<NonNullable<unknown>> {
    return ended(() => this.#sink.assigned?.(...partitions));
  }

  revoked(...revocation: Parameters<NonNullable<Sink['revoked']>>): Observable<unknown> {
    return ended(() => this.#sink.revoked?.(...revocation));
  }

  /** Once; later calls complete at once. */
  close(): Observable<unknown> {
    return defer(() => {
      if (this.#closed) return EMPTY;
      this.#closed = true;
      return ended(() => this.#sink.close?.());
    });
  }
}

const ended = <T>(call: () => ObservableInput<T> | void): Observable<T> => defer(() => from(call() ?? EMPTY));
