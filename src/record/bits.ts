/** One bit per record, all clear. */
export const bits = (size: number): Uint32Array => new Uint32Array((size + 31) >>> 5);

export const hasBit = (words: Uint32Array, index: number): boolean => ((words[index >>> 5]! >>> (index & 31)) & 1) === 1;

/** Sets a bit; `false` when it was set before. */
export function setBit(words: Uint32Array, index: number): boolean {
  const word = words[index >>> 5]!;
  const next = word | (1 << (index & 31));
  if (next >>> 0 === word) return false;
  words[index >>> 5] = next;
  return true;
}
