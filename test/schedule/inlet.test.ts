import { expect, test } from 'vitest';
import { Inlet } from '../../src/schedule/inlet.ts';
import { marbles } from '../../src/testing/marbles.ts';

const setUp = (admitted: (emission: string, inlet: Inlet<string, string>) => void, acks: { batch(records: readonly string[]): never }) => {
  const inlet: Inlet<string, string> = new Inlet((emission) => {
    admitted(emission, inlet);
    return emission === '' ? undefined : acks.batch([emission]);
  });
  return inlet;
};

test(
  'passes batches one after the other, also when one is emitted from inside another (I5)',
  marbles(({ acks }) => {
    const log: string[] = [];
    const inlet = setUp(() => undefined, acks() as never);
    inlet.batches.subscribe(({ records: [record = ''] }) => {
      if (record === 'a') {
        inlet.next('b');
        inlet.next('');
        inlet.next('c');
      }
      log.push(record);
    });
    inlet.next('a');
    inlet.next('d');
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  }),
);

test(
  'keeps the order of emissions, not of their admissions, when admitting one sets off the next (I5)',
  marbles(({ acks }) => {
    const log: string[] = [];
    const next: Record<string, string> = { a: 'b', b: 'c' };
    const inlet = setUp((emission, to) => {
      const following = next[emission];
      if (following !== undefined) to.next(following);
    }, acks() as never);
    inlet.batches.subscribe(({ records }) => log.push(...records));
    inlet.next('a');
    expect(log).toEqual(['a', 'b', 'c']);
  }),
);

test(
  'completes the graph after what waits has entered it',
  marbles(({ acks }) => {
    const log: string[] = [];
    const inlet = setUp(() => undefined, acks() as never);
    inlet.batches.subscribe({
      next: ({ records: [record = ''] }) => {
        log.push(record);
        if (record !== 'a') return;
        inlet.next('b');
        inlet.complete();
      },
      complete: () => log.push('complete'),
    });
    inlet.next('a');
    expect(log).toEqual(['a', 'b', 'complete']);
  }),
);
