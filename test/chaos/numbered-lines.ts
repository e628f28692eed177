/** The line of a number; its length varies, so that a torn one cannot pass for another. */
export const lineOf = (n: number): string => `${n} ${'x'.repeat(80 + (n % 20))} ${n}`;

/** Lines 0 … `count` - 1, in blocks. */
export function* numberedLines(count: number): Generator<string> {
  const block = 1_000;
  for (let first = 0; first < count; first += block) {
    yield Array.from({ length: Math.min(block, count - first) }, (_, i) => `${lineOf(first + i)}\n`).join('');
  }
}
