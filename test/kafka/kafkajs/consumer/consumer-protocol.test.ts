import { expect, test } from 'vitest';
import { decodeSubscription, encodeSubscription } from '../../../../src/kafka/kafkajs/consumer/consumer-protocol.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const topics = '00000001 0001 74';
const owned = '00000001 0001 74 00000002 00000000 00000003';
const both = [
  { topic: 't', partition: 0 },
  { topic: 't', partition: 3 },
];

test('a member says what it reads, has, and of which generation, also where leaders look that know only version 1', () => {
  expect(Buffer.from(encodeSubscription({ topics: ['t'], owned: both, generation: 7 }))).toEqual(
    bytes(`0003 ${topics} 00000004 00000007 ${owned} 00000007 ffff`),
  );
});

test.each([
  ['0, which has nothing', `0000 ${topics} ffffffff`, [], -1],
  ['1, of Java: the generation is in the user data', `0001 ${topics} 00000004 00000005 ${owned}`, both, 5],
  ['1, without generation', `0001 ${topics} ffffffff ${owned}`, both, -1],
  ['2', `0002 ${topics} ffffffff ${owned} 00000006`, both, 6],
  ['3, with a rack', `0003 ${topics} ffffffff ${owned} 00000006 0001 72`, both, 6],
  ['9, which is not known', `0009 ${topics} ffffffff ${owned} 00000006 0001 72 ff`, both, 6],
])('version %s', (_, hex, had, generation) => {
  expect(decodeSubscription(bytes(hex))).toEqual({ topics: ['t'], owned: had, generation });
});
