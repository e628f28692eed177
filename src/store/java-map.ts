/** A key or a value: bytes, or Java's `null`. */
export type JavaBytes = Uint8Array | null;

/** Stream header, the object, its class with the fields `float loadFactor` and `int threshold`. */
const mapClass = Buffer.from(
  'aced0005737200116a6176612e7574696c2e486173684d61700507dac1c31660d103000246000a6c6f6164466163746f724900097468726573686f6c647870',
  'hex',
);
const loadFactor = 0.75;
const arrayClass = Buffer.from('7200025b42acf317f8060854e0020000', 'hex');
const code = { null: 0x70, reference: 0x71, array: 0x75, blockData: 0x77, end: 0x78 } as const;
/** Handles are given in the order of the stream: class of the map, the map, class of the arrays, then each array. */
const firstHandle = 0x7e0000;
const arrayClassHandle = firstHandle + 2;

/** A Java-serialised `HashMap<byte[], byte[]>` as its entries, in the order of the stream. What ends too early is empty, as Connect reads it. */
export function readJavaMap(bytes: Uint8Array): readonly (readonly [JavaBytes, JavaBytes])[] {
  try {
    return new Reader(bytes).map();
  } catch (error) {
    if (error instanceof EndOfStream) return [];
    throw error;
  }
}

class EndOfStream extends Error {}

class Reader {
  readonly #bytes: Buffer;
  readonly #arrays = new Map<number, Uint8Array>();
  #at = 0;
  #nextHandle = arrayClassHandle;
  #knowsArrays = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  map(): readonly (readonly [JavaBytes, JavaBytes])[] {
    this.#expect(mapClass, 'it is not a serialised java.util.HashMap');
    this.#take(8); // load factor and threshold: how Java sized its table
    if (this.#byte() !== code.blockData || this.#byte() !== 8) throw new Error('the map has no entry count');
    this.#take(4); // capacity
    const size = this.#int();
    if (size < 0) throw new Error(`the map has ${size} entries`);
    const entries: [JavaBytes, JavaBytes][] = [];
    for (let i = 0; i < size; i++) entries.push([this.#array(), this.#array()]);
    if (this.#byte() !== code.end) throw new Error('the map goes on after its last entry');
    return entries;
  }

  #array(): JavaBytes {
    const kind = this.#byte();
    if (kind === code.null) return null;
    if (kind === code.reference) return this.#known(this.#int());
    if (kind !== code.array) throw new Error(`the map holds something else than byte arrays (0x${kind.toString(16)})`);
    this.#arrayClass();
    const handle = this.#nextHandle++;
    const content = this.#take(this.#int());
    this.#arrays.set(handle, content);
    return content;
  }

  #arrayClass(): void {
    if (!this.#knowsArrays) {
      this.#expect(arrayClass, 'the map holds something else than byte arrays');
      if (this.#byte() !== code.end || this.#byte() !== code.null) throw new Error('the class of byte arrays is not the known one');
      this.#knowsArrays = true;
      this.#nextHandle++;
    } else if (this.#byte() !== code.reference || this.#int() !== arrayClassHandle) {
      throw new Error('the map holds something else than byte arrays');
    }
  }

  #known(handle: number): Uint8Array {
    const known = this.#arrays.get(handle);
    if (known === undefined) throw new Error('the map refers to something else than a byte array');
    return known;
  }

  #expect(wanted: Uint8Array, otherwise: string): void {
    const found = this.#bytes.subarray(this.#at, this.#at + wanted.length);
    // What has begun well and ends is cut short; what differs is something else.
    if (!found.equals(wanted.subarray(0, found.length))) throw new Error(otherwise);
    this.#take(wanted.length);
  }

  #byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  #int(): number {
    return this.#take(4).readInt32BE();
  }

  #take(length: number): Buffer {
    if (length < 0) throw new Error(`a byte array has ${length} bytes`);
    if (this.#at + length > this.#bytes.length) throw new EndOfStream();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** Entries as Java serialises a `HashMap<byte[], byte[]>` of them. */
export function writeJavaMap(entries: readonly (readonly [JavaBytes, JavaBytes])[]): Uint8Array {
  // As HashMap grows: a power of two, at most three quarters full. Java makes a table of this capacity when it reads.
  const capacity = 2 ** Math.max(4, Math.ceil(Math.log2(Math.max(1, entries.length) / loadFactor)));
  const parts: Uint8Array[] = [mapClass, float32(loadFactor), int32(capacity * loadFactor)];
  parts.push(Uint8Array.of(code.blockData, 8), int32(capacity), int32(entries.length));
  let known = false;
  for (const part of entries.flat()) {
    if (part === null) {
      parts.push(Uint8Array.of(code.null));
      continue;
    }
    const itsClass = known ? [Uint8Array.of(code.reference), int32(arrayClassHandle)] : [arrayClass, Uint8Array.of(code.end, code.null)];
    known = true;
    parts.push(Uint8Array.of(code.array), ...itsClass, int32(part.length), part);
  }
  return Buffer.concat([...parts, Uint8Array.of(code.end)]);
}

function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function float32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes;
}
