import { concat, NEVER, Observable, of } from 'rxjs';
import { map, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { NodeStates } from '../../src/schedule/node-states.ts';
import type { BatchOperator } from '../../src/sdk/operator.ts';
import { marbles } from '../../src/testing/marbles.ts';
import { sourceBatch } from '../../src/testing/records.ts';
import { CollectingSink, letters, listSource, MemoryStore, runOf } from './running.ts';

test('takes the newest snapshot of each node that keeps state, and none when no node does', () => {
  const states = new NodeStates();
  expect(states.take()).toBeUndefined();
  let count = 1;
  states.keep('a', () => count);
  states.keep('b', () => ({ open: count }));
  count = 2;
  expect(states.take()).toEqual({ a: 2, b: { open: 2 } });
});

test(
  'a node finds after a restart what was stored with the offsets',
  marbles(({ scheduler, flush }) => {
    const store = new MemoryStore();
    const counting = (source: Observable<Batch<never>>) =>
      new Observable<Batch<unknown>>((subscriber) => {
        let seen: number | undefined;
        return source
          .pipe(
            map((batch) => {
              const { flow, node } = batch.ack;
              if (seen === undefined) {
                seen = (flow.stateOf(node) as number | undefined) ?? 0;
                flow.keepState(node, () => seen);
              }
              seen += batch.records.length;
              return batch;
            }),
          )
          .subscribe(subscriber);
      });
    const life = (from: number) =>
      runOf({ scheduler, store, sink: new CollectingSink(), source: listSource([sourceBatch(['a', 'b'], from)]), stages: [counting] });
    life(0).subscribe();
    flush();
    expect(store.state).toEqual({ 'stage-1': 2 });
    life(2).subscribe();
    flush();
    expect(store.state).toEqual({ 'stage-1': 4 });
  }),
);

test(
  'a snapshot that throws fails the task, in a commit that nobody waits for too',
  marbles(({ scheduler, expectObservable }) => {
    const keeping: BatchOperator<unknown> = (source) =>
      source.pipe(
        tap(({ ack: { flow, node } }) =>
          flow.keepState(node, () => {
            throw new Error('no snapshot');
          }),
        ),
      );
    const source = () => concat(of(sourceBatch(['a'], 0)), NEVER);
    const events = runOf({ scheduler, sink: new CollectingSink(), source, stages: [keeping], limits: { commitIntervalMs: 5 } });
    expectObservable(events.pipe(map(({ kind }) => letters[kind]))).toBe('r----#', undefined, new Error('no snapshot'));
  }),
);
