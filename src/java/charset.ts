import { decodeUtf8, encodable } from './utf8.ts';

/** Text ↔ bytes in one of Java's encodings; what cannot be encoded becomes `?`, what cannot be decoded U+FFFD. */
export interface Charset {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

const utf8Encoder = new TextEncoder();
export const utf8: Charset = { encode: (text) => utf8Encoder.encode(encodable(text)), decode: decodeUtf8 };

/** The encoding that Java knows by this name or alias; `undefined` for one that is not known here. */
export function charsetNamed(name: string): Charset | undefined {
  const plain = name.toLowerCase().replace(/[-_ ]/g, '');
  if (plain === 'utf8') return utf8;
  if (plain === 'utf16') return { encode: (text) => encodeUtf16(`\ufeff${text}`, false), decode: decodeUtf16 };
  if (plain === 'utf16be' || plain === 'utf16le') return fixedUtf16(plain === 'utf16le');
  if (plain === 'usascii' || plain === 'ascii') return singleByte((byte) => (byte < 0x80 ? byte : 0xfffd));
  if (plain === 'iso88591' || plain === 'latin1') return singleByte((byte) => byte);
  if (plain === 'windows1252' || plain === 'cp1252') return singleByte((byte) => windows1252.codePointAt(byte - 0x80) ?? byte);
  return legacy(name, plain);
}

/** Its positions 0x80 to 0x9f; Node.js 22 reads it as Latin-1. */
const windows1252 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

function fixedUtf16(littleEndian: boolean): Charset {
  return { encode: (text) => encodeUtf16(text, littleEndian), decode: (bytes) => javaUnits(unitsOf(bytes, littleEndian), bytes) };
}

/** Big-endian unless a byte order mark says otherwise. */
function decodeUtf16(bytes: Uint8Array): string {
  const littleEndian = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = javaUnits(unitsOf(bytes, littleEndian), bytes);
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function unitsOf(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let units = '';
  for (let i = 0; i + 2 <= bytes.length; i += 2) units += String.fromCharCode(view.getUint16(i, littleEndian));
  return units;
}

/** The first half of a pair takes what follows with it when that is not the second half; so does a byte that is left over at the end. */
function javaUnits(units: string, bytes: Uint8Array): string {
  const text = units.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udbff].?|[\udc00-\udfff]/gs, (part) =>
    /^[\ud800-\udbff][\udc00-\udfff]$/.test(part) ? part : '\ufffd',
  );
  const isCut = bytes.length % 2 === 1;
  return isCut && !/[\ud800-\udbff]$/.test(units) ? `${text}\ufffd` : text;
}

function encodeUtf16(text: string, littleEndian: boolean): Uint8Array {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  const view = new DataView(new ArrayBuffer(2 * whole.length));
  for (let i = 0; i < whole.length; i++) view.setUint16(2 * i, whole.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}

/** Windows and ISO pages by the platform's decoder, with the positions that Java leaves undefined. */
function legacy(name: string, plain: string): Charset | undefined {
  const label = /^(?:cp|windows)125(\d)$/.exec(plain)?.[1];
  const iso = /^iso8859(\d{1,2})$/.exec(plain)?.[1];
  if (label === undefined && iso === undefined) return undefined;
  try {
    const decoder = new TextDecoder(label === undefined ? name : `windows-125${label}`);
    const isControl = (code: number) => label !== undefined && code >= 0x80 && code < 0xa0;
    return singleByte((byte) => {
      const code = decoder.decode(Uint8Array.of(byte)).charCodeAt(0);
      return isControl(code) ? 0xfffd : code;
    });
  } catch {
    return undefined;
  }
}

function singleByte(codeOf: (byte: number) => number): Charset {
  const codes = Uint16Array.from({ length: 256 }, (_, byte) => codeOf(byte));
  const bytesOf = new Map(Array.from(codes, (code, byte) => [code, byte] as const).filter(([code]) => code !== 0xfffd));
  return {
    encode: (text) => Uint8Array.from(text, (character) => bytesOf.get(character.codePointAt(0) ?? 0) ?? 0x3f),
    decode: (bytes) => Array.from(bytes, (byte) => String.fromCharCode(codes[byte] ?? 0xfffd)).join(''),
  };
}
