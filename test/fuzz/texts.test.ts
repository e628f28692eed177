import { expect, test } from 'vitest';
import { configSubjects } from './configs.ts';
import { converterSubjects, fuzzTexts } from './converters.ts';

test.each(converterSubjects.map((subject) => [subject.name, subject] as const))(
  '%s reads or refuses 1,000 changed documents',
  (_name, subject) => {
    const { read, refused } = fuzzTexts(subject, 1_000, 5);
    expect(read + refused).toBe(1_000);
    expect(read).toBeGreaterThan(0);
  },
);

test.each((await configSubjects()).map((subject) => [subject.name, subject] as const))(
  '%s are read or refused when changed',
  (_name, subject) => {
    const { read, refused } = fuzzTexts(subject, 1_000, 5);
    expect(read + refused).toBe(1_000);
    expect(refused).toBeGreaterThan(0);
  },
);
