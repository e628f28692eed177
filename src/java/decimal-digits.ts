/** Value 0…9 of a decimal digit of any script; -1: no digit. */
export function digitValue(codePoint: number): number {
  if (codePoint >= 0x30 && codePoint <= 0x39) return codePoint - 0x30;
  if (codePoint < 0x80 || !isDigit(codePoint)) return -1;
  // The ten digits of a script stand in a row: count back to its zero.
  let value = 0;
  while (value < 9 && isDigit(codePoint - value - 1)) value++;
  return digitRunOffset(codePoint, value);
}

const isDigit = (codePoint: number): boolean => /^\p{Nd}$/u.test(String.fromCodePoint(codePoint));

/** Rows of digits can adjoin (mathematical digits): then the row starts are ten apart from the first. */
function digitRunOffset(codePoint: number, back: number): number {
  if (codePoint >= 0x1d7ce && codePoint <= 0x1d7ff) return (codePoint - 0x1d7ce) % 10;
  return back;
}

/** The integer at the start of `text[from, end)` as Java's lenient integer format reads it, wrapped to 32 bits; `undefined`: none. */
export function readInteger(text: string, from: number, end: number): { readonly value: number; readonly end: number } | undefined {
  const negative = text.charAt(from) === '-';
  let at = negative ? from + 1 : from;
  let value = 0n;
  const start = at;
  while (at < end) {
    const codePoint = text.charCodeAt(at);
    const digit = digitValue(codePoint);
    if (digit < 0) break;
    value = value * 10n + BigInt(digit);
    at++;
  }
  if (at === start) return undefined;
  return { value: toInt32(negative ? -value : value), end: at };
}

/** Long values wrap, larger ones saturate: what `Number.intValue()` makes of a parsed Long or Double. */
function toInt32(value: bigint): number {
  if (value === BigInt.asIntN(64, value)) return Number(BigInt.asIntN(32, value));
  return value > 0n ? 2_147_483_647 : -2_147_483_648;
}
