const pageBytes = 8_192;
/** Up to so many elements an array lies within its own object and is cheap. */
const inObject = 16;
/** Above, the copying costs more than the allocation saves. */
const shared = 128;

let page = new ArrayBuffer(pageBytes);
let used = 0;

/**
 * Copies indexes to a typed array, several times faster than its constructor where that allocates a buffer for a few dozen.
 *
 * A buffer of its own costs a microsecond, so arrays of such sizes share pages: one that is kept keeps its 8 KiB page.
 */
export function indexes(numbers: readonly number[]): Uint32Array {
  const { length } = numbers;
  if (length > shared) return new Uint32Array(numbers);
  const copy = length <= inObject ? new Uint32Array(length) : onPage(length);
  for (let i = 0; i < length; i++) copy[i] = numbers[i]!;
  return copy;
}

function onPage(length: number): Uint32Array {
  const bytes = length * Uint32Array.BYTES_PER_ELEMENT;
  if (used + bytes > pageBytes) {
    page = new ArrayBuffer(pageBytes);
    used = 0;
  }
  const array = new Uint32Array(page, used, length);
  used += bytes;
  return array;
}
