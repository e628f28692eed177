import { asyncScheduler, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { Batch } from '../record/batch.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { ConfigDefinition } from './config.ts';

/** A stage of a pipeline. Lifts (`mapRecord`, …) make one from a function on records. */
export type BatchOperator<A = ConnectRecord, B = A> = OperatorFunction<Batch<A>, Batch<B>>;

/** Parts of a record that an operator reads or writes; lets the compiler leave out conversion nobody needs. */
export type Touches = ReadonlyArray<'topic' | 'partition' | 'key' | 'value' | 'timestamp' | 'headers'>;

/** What a node may hold unsettled: compared with span, window and watchdog limit when the graph is compiled. */
export interface Holds {
  readonly records?: number;
  readonly forMs?: number;
  /** It releases what it holds, so that only the span bounds it, not the window. */
  readonly releases?: boolean;
}

/** What the runtime lends to an operator: part of a task's context. */
export interface OperatorContext {
  /** The time of this run. */
  readonly scheduler: SchedulerLike;
}

/** The context of an operator that code calls outside of a graph. */
export const standaloneContext: OperatorContext = { scheduler: asyncScheduler };

export interface OperatorDefinition<C = unknown, A = ConnectRecord, B = A> {
  readonly kind: 'operator';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly version?: string;
  readonly config: ConfigDefinition<C>;
  readonly touches?: Touches;
  readonly holds?: Holds;
  create(config: C, context: OperatorContext): BatchOperator<A, B>;
}

export interface PredicateDefinition<C = unknown, R = ConnectRecord> {
  readonly kind: 'predicate';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly version?: string;
  readonly config: ConfigDefinition<C>;
  create(config: C): (record: R) => boolean;
}
