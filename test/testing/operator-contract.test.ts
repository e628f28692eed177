import { filter, map } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type BatchOperator, config, defineOperator, filterRecord, flatMapRecord, int, list, mapRecord } from '../../src/sdk/index.ts';
import { operatorContract } from '../../src/testing/index.ts';

const toy = (create: () => BatchOperator<number>) =>
  defineOperator({ name: 'toy', summary: 'A toy.', config: config({ n: int({ doc: 'N.', default: 1 }) }), create });
const records = [1, 2, 3, 4, 5];
const cases = (create: () => BatchOperator<number>) => operatorContract(toy(create), { records });

describe.each([
  ['map', () => mapRecord((n: number) => n + 1)],
  ['filter', () => filterRecord((n: number) => n % 2 === 0)],
  ['flatMap', () => flatMapRecord((n: number) => Array.from({ length: n }, () => n))],
] as const)('%s', (_name, create) => {
  for (const { name, run } of cases(create)) test(name, async () => expect(await run()).toBeUndefined());
});

/** The cases that fail. */
async function broken(create: () => BatchOperator<number>): Promise<readonly string[]> {
  const results = await Promise.all(
    cases(create).map(async ({ name, run }) =>
      run().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return results.flat();
}

test('an operator that drops batches is found', async () => {
  expect(await broken(() => filter((batch) => batch.records[0] !== 1))).toContain('settles every record once, whatever its batch (I3)');
});

test('an operator whose result depends on cuts is found', async () => {
  const byBatch: BatchOperator<number> = map(({ records: all, ack }) => ({ records: all.map((n) => n * all.length), ack }));
  expect(await broken(() => byBatch)).toEqual(['gives the same records wherever batches are cut (I12)']);
});

test('an operator that keeps state across subscriptions is found', async () => {
  let calls = 0;
  expect(await broken(() => mapRecord((n: number) => n + calls++))).toContain('can be subscribed twice without sharing state');
});

test('an operator that changes its input is found', async () => {
  const lists = defineOperator({
    name: 'toy',
    summary: 'A toy.',
    config: config({ names: list({ doc: 'Names.', default: [] }) }),
    create: () =>
      mapRecord((record: number[]) => {
        record.push(1);
        return record;
      }),
  });
  const changed = operatorContract(lists, { records: [[1], [2], [3]] }).find(({ name }) => name.startsWith('leaves the records'));
  await expect(changed?.run()).rejects.toThrow();
});
