/** One value of an ASN.1 structure in DER. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
}

export const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OID = 0x06;

/** The values that lie one behind the other in the bytes. Throws at bytes that are not DER. */
export function readDer(bytes: Buffer): readonly Der[] {
  const values: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    if (first === 0x80 || first > 0x84) throw new RangeError('it is not DER');
    const sizeBytes = first < 0x80 ? 0 : first - 0x80;
    const size = sizeBytes === 0 ? first : bytes.readUIntBE(at + 2, sizeBytes);
    const start = at + 2 + sizeBytes;
    if (start + size > bytes.length) throw new RangeError('it is cut off');
    values.push({ tag, content: bytes.subarray(start, start + size) });
    at = start + size;
  }
  return values;
}

/** The values inside a value. */
export const childrenOf = (value: Der | undefined): readonly Der[] => readDer(value?.content ?? Buffer.alloc(0));

/** `1.2.840…` of an object identifier; empty for anything else. */
export function oidOf(value: Der | undefined): string {
  if (value?.tag !== OID || value.content.length === 0) return '';
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of value.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

export const intOf = (value: Der | undefined): number => (value?.tag === INTEGER ? value.content.readUIntBE(0, value.content.length) : 0);
