import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** What a text file holds: the facts by which two of them are compared. */
export interface Scan {
  readonly lines: number;
  /** Of the complete lines. */
  readonly bytes: number;
  /** SHA-256 of the complete lines, byte for byte. */
  readonly sha256: string;
  /** Bytes behind the last line end. */
  readonly rest: number;
  /** Lines end with `\r` or `\r\n` somewhere, or there are bytes that are no UTF-8 text. */
  readonly foreign: boolean;
}

/** Reads a file once, in constant memory. Input that ends in `.gz` is unpacked. */
export async function scanLines(file: string): Promise<Scan> {
  return scan(bytesOf(file));
}

/** The same of the lines as a file source cuts them: every line ends with `\n`, and what is no UTF-8 text is U+FFFD. */
export async function scanAsText(file: string): Promise<Scan> {
  return scan(asText(bytesOf(file)));
}

async function scan(chunks: AsyncIterable<Uint8Array>): Promise<Scan> {
  const hash = createHash('sha256');
  let rest = Buffer.alloc(0);
  let [lines, bytes, foreign] = [0, 0, false];
  for await (const chunk of chunks) {
    const text = Buffer.concat([rest, chunk]);
    const end = text.lastIndexOf(10) + 1;
    const whole = text.subarray(0, end);
    for (let at = whole.indexOf(10); at >= 0; at = whole.indexOf(10, at + 1)) lines++;
    foreign ||= whole.includes(13) || !isUtf8(whole);
    hash.update(whole);
    bytes += end;
    rest = text.subarray(end);
  }
  return { lines, bytes, sha256: hash.digest('hex'), rest: rest.length, foreign: foreign || rest.includes(13) };
}

function bytesOf(file: string): AsyncIterable<Uint8Array> {
  const raw = createReadStream(file, { highWaterMark: 1024 * 1024 });
  if (!file.endsWith('.gz')) return raw;
  const unpacked = createGunzip();
  raw.on('error', (error) => unpacked.destroy(error)).pipe(unpacked);
  return unpacked;
}

async function* asText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let held = '';
  for await (const chunk of chunks) {
    const text = held + decoder.decode(chunk, { stream: true });
    // A `\r` at the end waits: a `\n` may follow.
    held = text.endsWith('\r') ? '\r' : '';
    yield Buffer.from(text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, '\n'));
  }
  yield Buffer.from(held + decoder.decode());
}
