import { asyncScheduler, Subject, tap } from 'rxjs';
import { type ChainStage, transformChain } from '../graph/chain.ts';
import type { Batch } from '../record/batch.ts';
import type { Failure } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { RawConfig } from '../sdk/config.ts';
import { testAcks } from './acks.ts';
import { loadPlugins, type OwnPlugins } from './load-plugins.ts';

/** What the transforms of a connector made of one record: it came out, was dropped (`records` is empty), or failed at a transform. */
export interface TransformAttempt {
  readonly records: readonly ConnectRecord[];
  /** `transform` is where it is configured: `transforms.mask`. */
  readonly failure?: { readonly transform: string; readonly error: unknown };
}

/** The transforms of a connector, to be tried on records one by one. */
export interface RecordTransformer {
  /** What becomes of a record, a failure included. */
  attempt(record: ConnectRecord): TransformAttempt;
  /** What becomes of a record: nothing when it is dropped. Throws what a transform threw. */
  transform(record: ConnectRecord): readonly ConnectRecord[];
}

/**
 * Builds the chain that a connector config describes with `transforms` and `predicates`; its other keys do not count.
 *
 * Throws `ChainError` with Connect's message for a config that Connect would refuse.
 */
export async function recordTransformer(config: RawConfig, own: OwnPlugins = {}): Promise<RecordTransformer> {
  const types = Object.entries(config).filter(([key]) => /^(?:transforms|predicates)\..*\.type$/.test(key));
  const names = types.flatMap(([, type]) => (['operator', 'predicate'] as const).map((kind) => ({ kind, name: String(type).trim() })));
  const stages = transformChain(config, await loadPlugins(names, own));
  const attempt = runner(stages);
  return {
    attempt,
    transform: (record) => {
      const { records, failure } = attempt(record);
      if (failure !== undefined) throw failure.error;
      return records;
    },
  };
}

/** What the transforms of a connector config make of one record: nothing when they drop it. Fails as Connect would. */
export async function transformRecord(config: RawConfig, record: ConnectRecord, own: OwnPlugins = {}): Promise<readonly ConnectRecord[]> {
  return (await recordTransformer(config, own)).transform(record);
}

function runner(stages: readonly ChainStage[]): RecordTransformer['attempt'] {
  const entry = new Subject<Batch>();
  let failure: Failure | undefined;
  let reached = 0;
  let out: ConnectRecord[] = [];
  const { batch } = testAcks(asyncScheduler, {
    policy: (_record, failed) => {
      failure = failed;
      return { kind: 'failed', failure: failed };
    },
  });
  let batches = entry.asObservable();
  stages.forEach(({ create }, i) => {
    const arrived = tap<Batch>(() => {
      reached = i;
    });
    batches = create({ scheduler: asyncScheduler })(batches.pipe(arrived));
  });
  batches.subscribe(({ records }) => out.push(...records));
  return (record) => {
    out = [];
    failure = undefined;
    entry.next(batch([record]));
    if (failure === undefined) return { records: out };
    return { records: [], failure: { transform: stages[reached]?.name ?? '', error: (failure as Failure).error } };
  };
}
