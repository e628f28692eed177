/**
 * Texts in the order in which Java's `HashMap` of them iterates: seen where the first failure or the last of several writes decides.
 *
 * Of texts in one bucket the one put in first comes first.
 */
export function hashOrder(texts: Iterable<string>): readonly string[] {
  const keys = Array.isArray(texts) ? (texts as readonly string[]) : [...texts];
  for (const known of latest) if (isSame(known.keys, keys)) return known.order;
  const order = hashOrderOf(keys, hashCode);
  if (keys.length <= MOST_KEYS) {
    latest.unshift({ keys: [...keys], order });
    latest.length = Math.min(latest.length, MOST_KNOWN);
  }
  return order;
}

interface Known {
  readonly keys: readonly string[];
  readonly order: readonly string[];
}

/** Orders found before: the records of a stream are of few shapes. */
const latest: Known[] = [];
const MOST_KNOWN = 8;
const MOST_KEYS = 100;

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The same for whole numbers: of 64 bits, or of fewer. */
export const hashOrderOfNumbers = (numbers: Iterable<number | bigint>, areLongs: boolean): readonly (number | bigint)[] =>
  hashOrderOf(numbers, (number) => {
    const bits = BigInt(number);
    return Number(BigInt.asIntN(32, areLongs ? bits ^ (BigInt.asUintN(64, bits) >> 32n) : bits));
  });

function hashOrderOf<T>(keys: Iterable<T>, hashOf: (key: T) => number): readonly T[] {
  const distinct = [...new Set(keys)];
  let buckets = 16;
  while (distinct.length > 0.75 * buckets) buckets *= 2;
  const bucketOf = new Map(distinct.map((key) => [key, spread(hashOf(key)) & (buckets - 1)]));
  return distinct.sort((a, b) => (bucketOf.get(a) ?? 0) - (bucketOf.get(b) ?? 0));
}

/** `String.hashCode`. */
function hashCode(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

const spread = (hash: number): number => hash ^ (hash >>> 16);
