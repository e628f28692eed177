import type { SchedulerLike } from 'rxjs';

/** Structured lines for operators of the system; never a secret (I10). */
export interface Log {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void;
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** A typed name for something the runtime lends to plugins, such as the Kafka driver of the worker. */
export interface Resource<T> {
  readonly id: string;
  /** Carries the type only. */
  readonly type?: T;
}

export const resource = <T>(id: string): Resource<T> => ({ id });

/** What the runtime lends to a connector (its configuration side). */
export interface ConnectorContext {
  readonly connector: string;
  readonly log: Log;
  /** Throws when the runtime has none. */
  resource<T>(key: Resource<T>): T;
}

/** What the runtime lends to one task. */
export interface TaskContext extends ConnectorContext {
  readonly task: number;
  /** The time of this run: use it for every timer, so that tests can turn it. */
  readonly scheduler: SchedulerLike;
}
