import { asyncScheduler, BehaviorSubject, NEVER, Observable, of, type SchedulerLike, Subject } from 'rxjs';
import type { EndReason } from '../record/ack.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { Log, Resource } from '../sdk/context.ts';
import { parseConfig } from '../sdk/define.ts';
import type { Demand, SourceBatch, SourceDefinition, SourceOffset, SourcePartition } from '../sdk/source.ts';
import { eventually } from './contract.ts';

/** One emitted record with where its source partition goes on behind it. */
export interface Emitted<R = ConnectRecord> {
  readonly record: R;
  readonly partition: SourcePartition;
  readonly offset: SourceOffset | undefined;
}

export interface ProbeOptions {
  readonly config: RawConfig;
  /** Time of the source; default: that of the clock. */
  readonly scheduler?: SchedulerLike;
  /** Records that may be emitted before more are allowed; default: any number. */
  readonly room?: number;
  /** Less room for one partition; default: no partition has less. */
  readonly roomOf?: (partition: SourcePartition) => number;
  /** Stored offset of a partition, `null` if there is none; default: none. */
  readonly offsetOf?: (partition: SourcePartition) => SourceOffset | null;
  readonly resources?: ReadonlyMap<string, unknown>;
}

export interface OpenSourceOptions extends ProbeOptions {
  /** Each number adds room for so many records. */
  readonly allow?: Observable<number>;
  /** Asks for the end, as a run that drains. */
  readonly ending?: Observable<EndReason>;
  /** Takes what the source logs. */
  readonly log?: Log;
}

/** A line that a plugin logged. */
export interface Logged {
  readonly level: keyof Log;
  readonly message: string;
}

/** A source that runs alone, its demand turned by the test. */
export interface SourceProbe<R = ConnectRecord> {
  readonly batches: readonly SourceBatch<R>[];
  readonly emitted: readonly Emitted<R>[];
  readonly log: readonly Logged[];
  /** How it ended; `undefined` while it runs. */
  readonly ended: 'completed' | { readonly error: unknown } | undefined;
  /** Lets it emit so many records more. */
  allow(records: number): void;
  /** Resolves when so many records have been emitted since the beginning; fails when the source ends before. */
  until(count: number): Promise<readonly Emitted<R>[]>;
  /** Asks for the end, as a run that drains. */
  end(reason: EndReason): void;
  close(): void;
}

/**
 * The batches of a source that runs alone, for marble tests: cold, opened as a run would, and errs as the source does. Room falls inside
 * each emission.
 */
export const openSource = <C, R>(definition: SourceDefinition<C, R>, options: OpenSourceOptions): Observable<SourceBatch<R>> =>
  new Observable((subscriber) => {
    const { allow = NEVER, ending = NEVER, log = logInto([]), scheduler = asyncScheduler } = options;
    let room = options.room ?? Number.POSITIVE_INFINITY;
    const demand = new BehaviorSubject<Demand>(levelOf(room, options.roomOf));
    const roomGrows = (records: number) => {
      room += records;
      demand.next(levelOf(room, options.roomOf));
    };
    const opened = definition.open(parseConfig(definition, options.config), {
      connector: 'probe',
      task: 0,
      log,
      scheduler,
      demand,
      committed: NEVER,
      ending,
      offsets: (partitions) => of(partitions.map((partition) => options.offsetOf?.(partition) ?? null)),
      resource: <T>(key: Resource<T>): T => lent(options.resources, key),
    });
    subscriber.add(allow.subscribe(roomGrows));
    const batches = opened.subscribe({
      next(batch) {
        subscriber.next(batch);
        roomGrows(-batch.records.length);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    subscriber.add(batches);
  });

/** Opens a source as a run would, and keeps what it emits and how it ends. Offsets are told for each record. */
export function probeSource<C, R>(definition: SourceDefinition<C, R>, options: ProbeOptions): SourceProbe<R> {
  const batches: SourceBatch<R>[] = [];
  const emitted: Emitted<R>[] = [];
  const log: Logged[] = [];
  const ending = new Subject<EndReason>();
  const allow = new Subject<number>();
  let ended: SourceProbe['ended'];
  // Now, not with the first look: a config that is refused is a mistake of the test.
  parseConfig(definition, options.config);
  const subscription = openSource(definition, { ...options, allow, ending, log: logInto(log) }).subscribe({
    next(batch) {
      batches.push(batch);
      for (const [index, record] of batch.records.entries()) emitted.push({ record, ...placeOf(batch, index) });
    },
    error: (error: unknown) => {
      ended = { error };
    },
    complete: () => {
      ended = 'completed';
    },
  });
  return {
    batches,
    emitted,
    log,
    get ended() {
      return ended;
    },
    allow: (records) => allow.next(records),
    until: (count) =>
      eventually(`the source emitted ${count} records`, () => {
        if (emitted.length < count && ended !== undefined)
          throw new Error(`The source ended after ${emitted.length} records`, causeOf(ended));
        return emitted.length >= count && emitted;
      }),
    end: (reason) => ending.next(reason),
    close: () => subscription.unsubscribe(),
  };
}

const levelOf = (room: number, roomOf: ProbeOptions['roomOf'] = () => room): Demand => {
  const records = Math.max(0, room);
  return { records, room: (partition) => Math.min(records, roomOf(partition)) };
};

const causeOf = (ended: NonNullable<SourceProbe['ended']>) => (ended === 'completed' ? {} : { cause: ended.error });

/** `offset` of a batch is that of its last record. */
function placeOf<R>(batch: SourceBatch<R>, index: number): { partition: SourcePartition; offset: SourceOffset | undefined } {
  const partition = batch.partitionAt?.(index) ?? batch.partition;
  if (partition === undefined) throw new Error('A source batch needs partition or partitionAt');
  const last = index === batch.records.length - 1 ? batch.offset : undefined;
  return { partition, offset: batch.offsetAt?.(index) ?? last };
}

/** A log that keeps its lines. */
export const logInto = (lines: Logged[]): Log => {
  const keep = (level: keyof Log) => (message: string) => void lines.push({ level, message });
  return { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
};

/** The resource of this name; absent ones throw, as in a run. */
export function lent<T>(resources: ReadonlyMap<string, unknown> | undefined, key: Resource<T>): T {
  if (resources?.has(key.id) !== true) throw new Error(`No resource ${key.id}`);
  return resources.get(key.id) as T;
}
