import { expect, test } from 'vitest';
import { seededRandom } from '../../chaos/seeded-random.ts';
import { fuzz, subjects } from './decoders.ts';

test.each(subjects)('changed bytes of $name are read or refused, and nothing else', (subject) => {
  const { read, refused } = fuzz(subject, 600, seededRandom(4));
  expect(subject.samples.length).toBeGreaterThan(0);
  expect(read + refused).toBe(600);
  expect(refused).toBeGreaterThan(20);
});

test('what was recorded is read whole', () => {
  for (const { samples, read, name } of subjects.filter(({ name }) => name !== 'record batches'))
    for (const sample of samples) expect(() => read(sample), name).not.toThrow();
});
