/** Where and why a record failed. `stage` is one of Connect's stage names for converters, transforms and puts. */
export interface Failure {
  readonly stage: Stage;
  /** Name of the graph node that failed. */
  readonly node: string;
  readonly error: unknown;
}

/** Stages as Kafka Connect reports them in dead letters and logs. */
export type Stage =
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'TASK_PUT'
  | 'TASK_POLL'
  | 'KAFKA_PRODUCE'
  | 'KAFKA_CONSUME';

/** How a record ended. Where a record has several children the worst outcome wins: failed > returned > delivered > filtered. */
export type Outcome =
  /** Dropped on purpose; `failure` when the policy "skip" dropped it. */
  | { readonly kind: 'filtered'; readonly failure?: Failure }
  /** Durable at its end; `receipt` is what the target answered (topic, partition, base offset; an upload id; …). */
  | { readonly kind: 'delivered'; readonly receipt?: unknown }
  /** Not done and to be replayed: stop, deadline, revoke, teardown. Blocks the watermark, fails nothing. */
  | { readonly kind: 'returned' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Greater is worse. */
export const severity = { filtered: 0, delivered: 1, returned: 2, failed: 3 } as const satisfies Record<Outcome['kind'], number>;

/** The worse of two outcomes; the first when they are equally bad. */
export const worse = (a: Outcome, b: Outcome): Outcome => (severity[b.kind] > severity[a.kind] ? b : a);

export const filtered: Outcome = Object.freeze({ kind: 'filtered' });
export const delivered: Outcome = Object.freeze({ kind: 'delivered' });
export const returned: Outcome = Object.freeze({ kind: 'returned' });
