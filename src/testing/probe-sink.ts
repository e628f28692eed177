import { asyncScheduler, from, lastValueFrom, type SchedulerLike } from 'rxjs';
import type { EndReason, Flow } from '../record/ack.ts';
import type { Outcome } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { Resource } from '../sdk/context.ts';
import { parseConfig } from '../sdk/define.ts';
import type { Sink, SinkDefinition } from '../sdk/sink.ts';
import { testAcks } from './acks.ts';
import { done, eventually } from './contract.ts';
import { type Logged, lent, logInto } from './probe-source.ts';

export interface SinkProbeOptions {
  readonly config: RawConfig;
  /** Time of the sink and its retries; default: that of the clock. */
  readonly scheduler?: SchedulerLike;
  readonly resources?: ReadonlyMap<string, unknown>;
  readonly flow?: Partial<Flow>;
}

/** A sink that runs alone, fed by the test. */
export interface SinkProbe<R = ConnectRecord> {
  readonly sink: Sink<R>;
  /** How each record ended; those missing have not settled. Keys are the records, which must be distinct objects. */
  readonly outcomes: ReadonlyMap<unknown, Outcome>;
  /** What would have failed the task: a write that failed as a whole, misuse of acks. */
  readonly failures: readonly unknown[];
  readonly log: readonly Logged[];
  /** Hands over one batch. */
  write(records: readonly R[]): void;
  /** Resolves when every record handed over has settled. */
  settled(): Promise<void>;
  flush(reason: EndReason | 'commit'): Promise<void>;
  close(): Promise<void>;
}

/** Opens a sink as a run would. Rejects when the sink cannot be opened. */
export async function probeSink<C, R>(definition: SinkDefinition<C, R>, options: SinkProbeOptions): Promise<SinkProbe<R>> {
  const log: Logged[] = [];
  const { scheduler = asyncScheduler } = options;
  const acks = testAcks(scheduler, options.flow);
  const opened = definition.open(parseConfig(definition, options.config), {
    connector: 'probe',
    task: 0,
    log: logInto(log),
    scheduler,
    resource: <T>(key: Resource<T>): T => lent(options.resources, key),
  });
  const sink = isSink(opened) ? opened : await lastValueFrom(from(opened));
  return {
    sink,
    outcomes: acks.outcomes,
    failures: acks.failures,
    log,
    write: (records) => sink.next(acks.batch(records)),
    settled: async () => void (await eventually('every record settled', () => acks.unsettled.size === 0)),
    flush: (reason) => done(sink.flush?.(reason)),
    close: () => done(sink.close?.()),
  };
}

const isSink = <R>(opened: ReturnType<SinkDefinition<unknown, R>['open']>): opened is Sink<R> =>
  'next' in opened && typeof opened.next === 'function' && !('subscribe' in opened);
