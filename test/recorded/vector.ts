import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../src/converters/json/node.ts';
import { javaClassOfError } from '../../src/errors/java-class-of-error.ts';
import { recordErrorOf } from './record-error.ts';

/** A recorded case: what was asked, and what the reference implementation answered. */
export interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly expect: JsonObject;
}

/** `undefined`: the answer is as recorded; else what differs. */
export type Difference = string | undefined;

/** Compares errors: of Connect by class and message, of the Java runtime by class only. */
export function errorDifference(error: unknown, expected: JsonObject): Difference {
  const javaClass = javaClassOfError(error);
  const message = recordErrorOf(error);
  if (javaClass === undefined || javaClass !== expected.class)
    return `threw ${javaClass ?? String(error)}: ${message}, expected ${String(expected.class)}`;
  if (javaClass.startsWith('java.') || message === expected.message) return undefined;
  return `threw ${JSON.stringify(message)}, expected ${JSON.stringify(expected.message)}`;
}

export const deepDifference = (actual: unknown, expected: unknown): Difference =>
  isDeepStrictEqual(actual, expected) ? undefined : `gave ${show(actual)}, expected ${show(expected)}`;

export const show = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}n` : part instanceof Map ? { map: [...part] } : part)) ??
  'nothing';
