const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of UTF-8 bytes as Java's `new String(bytes, UTF_8)` reads it: malformed parts become U+FFFD, an encoded surrogate one for its three bytes. */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  // Only encoded surrogates are cut up differently here and there: ED, then A0 to BF.
  return text.includes('\ufffd') && hasEncodedSurrogate(bytes) ? decodeInParts(bytes) : text;
}

/** Text whose UTF-8 is what Java's `getBytes(UTF_8)` makes: a lone surrogate becomes `?`. */
export const encodable = (text: string): string =>
  text.isWellFormed() ? text : text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?');

/** Also one that is cut off: its two bytes are one malformed part. */
const isSurrogateAt = (bytes: Uint8Array, i: number): boolean => bytes[i] === 0xed && ((bytes[i + 1] ?? 0) & 0xe0) === 0xa0;

const isContinuation = (byte: number | undefined): boolean => ((byte ?? 0) & 0xc0) === 0x80;

function hasEncodedSurrogate(bytes: Uint8Array): boolean {
  for (let i = bytes.indexOf(0xed); i >= 0; i = bytes.indexOf(0xed, i + 1)) if (isSurrogateAt(bytes, i)) return true;
  return false;
}

function decodeInParts(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (!isSurrogateAt(bytes, i)) continue;
    text += `${decoder.decode(bytes.subarray(from, i))}\ufffd`;
    i += isContinuation(bytes[i + 2]) ? 2 : 1;
    from = i + 1;
  }
  return text + decoder.decode(bytes.subarray(from));
}
