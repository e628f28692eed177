import { map } from 'rxjs/operators';
import { expect, test } from 'vitest';
import { delivered } from '../../src/record/outcome.ts';
import { filterRecord } from '../../src/sdk/filter-record.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import { marbles } from '../../src/testing/marbles.ts';
import { sourceBatch } from '../../src/testing/records.ts';
import { CollectingSink, letters, listSource, MemoryStore, runOf } from './running.ts';

test(
  'carries a bounded source to its sink, commits, and completes',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sink = new CollectingSink<number>();
    const store = new MemoryStore();
    const events = runOf({
      scheduler,
      store,
      sink,
      source: listSource([sourceBatch([1, 2], 0), sourceBatch([3], 2)]),
      stages: [mapRecord((n: number) => n * 10), filterRecord((n: number) => n !== 20)],
    });
    expectObservable(events.pipe(map(({ kind }) => letters[kind]))).toBe('(rdc|)');
    flush();
    expect(sink.records).toEqual([10, 30]);
    expect(store.position()).toBe(3);
    expect(sink.closed).toBe(true);
    void delivered;
  }),
);
