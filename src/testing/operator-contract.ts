import assert from 'node:assert/strict';
import { Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import type { Batch } from '../record/batch.ts';
import { delivered } from '../record/outcome.ts';
import type { RawConfig } from '../sdk/config.ts';
import { parseConfig } from '../sdk/define.ts';
import { type BatchOperator, type OperatorDefinition, standaloneContext } from '../sdk/operator.ts';
import { type TestAcks, testAcks } from './acks.ts';
import type { ContractCase } from './contract.ts';

export interface OperatorUnderTest<A> {
  /** Typed, or as texts. */
  readonly config?: RawConfig;
  /** What it is given: at least three records, so that batches can be cut. */
  readonly records: readonly A[];
  /** It makes one of several, or of time: its output may depend on where batches are cut. Default: false. */
  readonly gathers?: boolean;
}

/** What every operator keeps to: each record settles once, order, no dependence on cuts, completion, errors and teardown. */
export function operatorContract<C, A, B>(definition: OperatorDefinition<C, A, B>, subject: OperatorUnderTest<A>): readonly ContractCase[] {
  const open = () => definition.create(parseConfig(definition, subject.config ?? {}), standaloneContext);
  const contractCase = (name: string, run: (operator: BatchOperator<A, B>) => void): ContractCase => ({
    name,
    run: async () => run(open()),
  });
  const { records, gathers = false } = subject;
  const run = (operator: BatchOperator<A, B>, size: number) => runBatches(operator, cut(records, size));
  return [
    {
      name: 'is declared as an operator with a name and a summary',
      run: async () => {
        assert.equal(definition.kind, 'operator');
        assert.ok(definition.name.length > 0 && definition.summary.length > 0);
      },
    },
    contractCase('settles every record once, whatever its batch (I3)', (operator) => {
      assert.ok(records.length >= 3, 'the contract needs three records');
      const { acks } = run(operator, 2);
      assert.deepEqual([acks.unsettled.size, acks.failures, acks.outcomes.size], [0, [], new Set(records).size]);
    }),
    {
      name: 'gives the same records wherever batches are cut (I12)',
      run: async () => {
        if (gathers) return { skipped: 'it declares that it gathers' };
        const whole = run(open(), records.length).output;
        for (const size of [1, 2]) assert.deepEqual(run(open(), size).output, whole);
        return undefined;
      },
    },
    contractCase('leaves the records that it is given as they are', (operator) => {
      const before = structuredClone(records.map(plain));
      run(operator, records.length);
      assert.deepEqual(records.map(plain), before);
    }),
    contractCase('completes when its source does', (operator) => assert.equal(run(operator, records.length).ended, 'completed')),
    contractCase('completes without records', (operator) => assert.equal(runBatches(operator, []).ended, 'completed')),
    contractCase('passes an error of its source on', (operator) => {
      const broken = new Error('source');
      let seen: unknown;
      operator(throwError(() => broken)).subscribe({ error: (error: unknown) => (seen = error) });
      assert.equal(seen, broken);
    }),
    contractCase('lets go of its source when it is unsubscribed', (operator) => {
      const source = new Subject<Batch<A>>();
      const subscription = operator(source).subscribe();
      assert.equal(source.observed, true);
      subscription.unsubscribe();
      assert.equal(source.observed, false);
    }),
    contractCase('can be subscribed twice without sharing state', (operator) => {
      const first = run(operator, records.length).output;
      assert.deepEqual(run(operator, records.length).output, first);
    }),
  ];
}

interface Run<B> {
  readonly output: readonly B[];
  readonly acks: TestAcks;
  readonly ended: 'completed' | 'errored' | 'open';
}

/** Runs batches in virtual time through an operator; everything that arrives is delivered. */
function runBatches<A, B>(operator: BatchOperator<A, B>, batches: readonly (readonly A[])[]): Run<B> {
  const scheduler = new VirtualTimeScheduler();
  const acks = testAcks(scheduler);
  const source = new Subject<Batch<A>>();
  const output: B[] = [];
  let ended: Run<B>['ended'] = 'open';
  const subscription = operator(source).subscribe({
    next: (batch) => {
      assert.equal(batch.ack.size, batch.records.length, 'a batch and its ack must be of one size');
      output.push(...batch.records);
      batch.ack.settle(delivered);
    },
    error: () => (ended = 'errored'),
    complete: () => (ended = 'completed'),
  });
  for (const records of batches) source.next(acks.batch(records));
  source.complete();
  scheduler.flush();
  subscription.unsubscribe();
  return { output, acks, ended };
}

const cut = <A>(records: readonly A[], size: number): readonly (readonly A[])[] =>
  Array.from({ length: Math.ceil(records.length / size) }, (_, i) => records.slice(i * size, (i + 1) * size));

/** Functions cannot be cloned; the origin of a record may have one. */
const plain = (record: unknown): unknown =>
  typeof record === 'object' && record !== null && 'origin' in record ? { ...record, origin: null } : record;
