import { asyncScheduler, Subject } from 'rxjs';
import { type ChainStage, transformChain } from '../graph/chain.ts';
import type { Batch } from '../record/batch.ts';
import type { Failure } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { RawConfig } from '../sdk/config.ts';
import { testAcks } from './acks.ts';
import { loadPlugins } from './load-plugins.ts';

/** The transforms of a connector, to be tried on records one by one. */
export interface RecordTransformer {
  /** What becomes of a record: nothing when it is dropped. Throws what a transform threw. */
  transform(record: ConnectRecord): readonly ConnectRecord[];
}

/**
 * Builds the chain that a connector config describes with `transforms` and `predicates`; its other keys do not count.
 *
 * Throws `ChainError` with Connect's message for a config that Connect would refuse.
 */
export async function recordTransformer(config: RawConfig): Promise<RecordTransformer> {
  const types = Object.entries(config).filter(([key]) => /^(?:transforms|predicates)\..*\.type$/.test(key));
  const names = types.flatMap(([, type]) => (['operator', 'predicate'] as const).map((kind) => ({ kind, name: String(type).trim() })));
  const stages = transformChain(config, await loadPlugins(names));
  return { transform: runner(stages) };
}

/** What the transforms of a connector config make of one record: nothing when they drop it. Fails as Connect would. */
export async function transformRecord(config: RawConfig, record: ConnectRecord): Promise<readonly ConnectRecord[]> {
  return (await recordTransformer(config)).transform(record);
}

function runner(stages: readonly ChainStage[]): RecordTransformer['transform'] {
  const entry = new Subject<Batch>();
  let failure: Failure | undefined;
  let out: ConnectRecord[] = [];
  const { batch } = testAcks(asyncScheduler, {
    policy: (_record, failed) => {
      failure = failed;
      return { kind: 'failed', failure: failed };
    },
  });
  let batches = entry.asObservable();
  for (const { create } of stages) batches = create({ scheduler: asyncScheduler })(batches);
  batches.subscribe(({ records }) => out.push(...records));
  return (record) => {
    out = [];
    failure = undefined;
    entry.next(batch([record]));
    if (failure !== undefined) throw (failure as Failure).error;
    return out;
  };
}
