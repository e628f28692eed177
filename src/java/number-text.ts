/** `Double.toString`: the shortest decimal that reads back as this number, with at least one digit on each side of the point. */
export function doubleText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return Object.is(value, -0) ? '-0.0' : `${value}.0`;
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  return scientific(value, shortest(value));
}

/** `Float.toString` of a number that is a 32-bit float. */
export function floatText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return Object.is(value, -0) ? '-0.0' : `${value}.0`;
  if (!Number.isFinite(value)) return doubleText(value);
  const text = shortestFloat(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e7 ? plain(Number(text)) : scientific(value, text);
}

/** JavaScript's shortest form; of one digit Java looks for a second that comes nearer: only among the subnormal numbers is there one. */
function shortest(value: number): string {
  const text = value.toExponential();
  if (text.includes('.')) return text;
  const two = value.toExponential(1);
  return Number(two) === value ? two : text;
}

function shortestFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
    const above = awayFromZero(text, digits);
    if (Math.fround(Number(above)) === value) return above;
  }
  return value.toExponential(8);
}

/** The next decimal of as many digits: just above a power of two the nearest decimal may lie outside the narrow side of its interval. */
function awayFromZero(text: string, digits: number): string {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const step = mantissa.startsWith('-') ? -1n : 1n;
  const next = BigInt(mantissa.replace('.', '')) + step;
  return Number(`${next}e${Number(exponent) - digits}`).toExponential(digits);
}

const plain = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

/** Java's computerised scientific notation from JavaScript's. */
function scientific(value: number, text: string): string {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const digits = mantissa.includes('.') ? mantissa.replace(/0+$/, '').replace(/\.$/, '.0') : `${mantissa}.0`;
  return value === 0 ? '0.0' : `${digits}E${Number(exponent)}`;
}
