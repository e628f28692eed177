const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of JSON bytes in the encoding they show: UTF-8, UTF-16 or UTF-32, with or without a mark. Throws where they are malformed. */
export function textOfBytes(bytes: Uint8Array): string {
  // A document starts with two characters of ASCII, so a zero among its first bytes is half a character.
  if (bytes.length < 2 || (bytes[0] !== 0 && bytes[1] !== 0 && bytes[0] !== 0xfe && bytes[0] !== 0xff)) return utf8.decode(bytes);
  const width = widthOf(bytes);
  const bigEndian = bytes[0] === 0 || bytes[0] === 0xfe;
  if (width === 4) return utf32(bytes, bigEndian);
  return new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le', { fatal: true }).decode(bytes);
}

/** The text up to the first bytes that are no UTF-8. */
export function intactText(bytes: Uint8Array): string {
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isPrefixOfUtf8(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, low), { stream: true });
}

function isPrefixOfUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function widthOf(bytes: Uint8Array): 2 | 4 {
  if (bytes.length < 4) return 2;
  const zeros = [bytes[0], bytes[1], bytes[2], bytes[3]].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  return zeros === '000x' || zeros === 'x000' || zeros === '00xx' || (zeros === 'xx00' && bytes[0] === 0xff) ? 4 : 2;
}

function utf32(bytes: Uint8Array, bigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = '';
  for (let i = 0; i + 4 <= bytes.length; i += 4) text += String.fromCodePoint(view.getUint32(i, !bigEndian));
  return text.replace(/^\ufeff/, '');
}
