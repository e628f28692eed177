import { existsSync, readFileSync } from 'node:fs';
import { type ConverterVector, converterDifference } from './convert.ts';
import { parseVector } from './envelope.ts';
import { type TransformVector, transformDifference } from './transform.ts';
import { type ValidateVector, validateDifference } from './validate.ts';
import type { Difference, Vector } from './vector.ts';

/** How many cases of one family passed, and what differs in the others. */
export interface Tally {
  readonly kind: string;
  readonly family: string;
  passed: number;
  readonly differences: { readonly id: string; readonly difference: string }[];
}

const files = ['transforms.jsonl', 'converters.jsonl', 'validate.jsonl'] as const;

/** The cases of a directory of vectors: of those files that are there. */
export function readVectors(directory: string | URL): readonly Vector[] {
  const present = files.map((file) => new URL(file, directory)).filter((file) => existsSync(file));
  return present.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => parseVector(line) as unknown as Vector);
  });
}

/** What differs in the answer to one case; also that the recorded answer makes no sense. */
export async function differenceOf(vector: Vector): Promise<Difference> {
  try {
    return await compare(vector);
  } catch (error) {
    return `cannot be compared: ${String(error)}`;
  }
}

async function compare(vector: Vector): Promise<Difference> {
  switch (vector.kind) {
    case 'transform':
      return transformDifference(vector as TransformVector);
    case 'converter':
      return converterDifference(vector as ConverterVector);
    default:
      return validateDifference(vector as ValidateVector);
  }
}

/** Checks all cases, family by family. */
export async function checkAll(vectors: readonly Vector[]): Promise<readonly Tally[]> {
  const tallies = new Map<string, Tally>();
  for (const vector of vectors) {
    const family = vector.id.replace(/[-/].*$/, '');
    const key = `${vector.kind} ${family}`;
    const tally = tallies.get(key) ?? { kind: vector.kind, family, passed: 0, differences: [] };
    tallies.set(key, tally);
    const difference = await differenceOf(vector);
    if (difference === undefined) tally.passed++;
    else tally.differences.push({ id: vector.id, difference });
  }
  return [...tallies.values()];
}
