import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { TopicReader } from '../../../connectors/kafka/topic-reader.ts';
import type { Consumer } from '../../../src/kafka/index.ts';

test('only what was not read before begins where it is told, what is read goes on', () => {
  const sought: unknown[] = [];
  const consumer: Pick<Consumer, 'assign' | 'seek'> = { assign: () => {}, seek: (...given) => void sought.push(given) };
  const reader = new TopicReader({ consumer: consumer as Consumer, out: new Subject() as never, gone: () => {} });
  const [first, second] = [0, 1].map((partition) => ({ topic: 't', partition }));
  if (first === undefined || second === undefined) throw new Error('There are two.');
  reader.assign([first], new Map([['t-0', { offset: 5 }]]));
  reader.assign(
    [first, second],
    new Map([
      ['t-0', { offset: 5 }],
      ['t-1', { offset: 7 }],
    ]),
  );
  expect(sought).toEqual([
    [first, { offset: 5 }],
    [second, { offset: 7 }],
  ]);
});
