import { expect, test } from 'vitest';
import { handOver } from '../../../../src/kafka/kafkajs/consumer/hand-over.ts';

const partitions = (...numbers: readonly number[]) => numbers.map((partition) => ({ topic: 't', partition }));
const all = partitions(0, 1);
const none = partitions();

test.each([
  ['eager', 'rebalance', { kind: 'rebalance' }, { revoked: all, kept: none, owned: none, rejoins: false }],
  ['eager', 'lost', { kind: 'lost' }, { revoked: all, kept: none, owned: none, rejoins: false }],
  ['cooperative', 'rebalance', { kind: 'rebalance' }, { revoked: none, kept: all, owned: all, rejoins: false }],
  ['cooperative', 'lost', { kind: 'lost' }, { revoked: all, kept: none, owned: none, rejoins: false }],
] as const)('%s, with partitions: %s', (protocol, _, event, expected) => {
  expect(handOver({ cooperative: protocol === 'cooperative', owned: all }, event)).toEqual(expected);
});

test.each([
  ['more', none, partitions(2), { revoked: none, kept: none, owned: partitions(2), rejoins: false }],
  ['others', all, partitions(1, 2), { revoked: partitions(0), kept: partitions(1), owned: partitions(1, 2), rejoins: true }],
  ['fewer', all, partitions(1), { revoked: partitions(0), kept: partitions(1), owned: partitions(1), rejoins: true }],
  ['the same', all, all, { revoked: none, kept: all, owned: all, rejoins: false }],
  ['nothing', all, none, { revoked: all, kept: none, owned: none, rejoins: true }],
] as const)('cooperative, is assigned %s', (_, owned, assigned, expected) => {
  expect(handOver({ cooperative: true, owned }, { kind: 'assigned', partitions: assigned })).toEqual(expected);
});

test('eager, is assigned what it is: it has nothing by then', () => {
  const step = handOver({ cooperative: false, owned: none }, { kind: 'assigned', partitions: all });
  expect(step).toEqual({ revoked: none, kept: none, owned: all, rejoins: false });
});
