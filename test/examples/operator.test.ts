import { marbles, operatorContract, record, recordsOf } from 'sluice/testing';
import { test } from 'vitest';
import { shout } from './shout-operator.ts';

test(
  'shouts each batch as it comes',
  marbles(({ acks, batches, expectObservable }) => {
    const values = { a: record('a'), b: [record('b'), record('c')], A: record('A'), B: [record('B'), record('C')] };
    const quiet = batches(acks(), 'a--(b|)', values);
    expectObservable(recordsOf(quiet.pipe(shout()))).toBe('A--(B|)', values);
  }),
);

// What a plugin cannot be asked for is answered with a reason, and skipped.
for (const { name, run } of operatorContract(shout, { records: ['a', 'b', 'c'].map((value) => record(value)) }))
  test(name, ({ skip }) => run().then((answer) => skip(answer !== undefined, answer?.skipped)));
