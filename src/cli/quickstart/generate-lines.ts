import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Lines of one block: their numbers are written anew in each block, the rest repeats. */
const blockLines = 1_000;
const digits = 10;
const actions = ['view', 'search', 'add-to-cart', 'checkout', 'refund'];
const places = ['Århus', 'Köln', 'Lyon', 'Porto', 'Gdańsk', 'Osaka', 'Quito'];

/** Writes `lines` numbered JSON lines of about 100 bytes, the same ones each time. */
export async function generateLines(file: string, lines: number): Promise<void> {
  await pipeline(Readable.from(blocks(lines)), createWriteStream(file, { highWaterMark: 1024 * 1024 }));
}

function* blocks(lines: number): Generator<Buffer> {
  const { bytes, starts } = template();
  for (let first = 0; first < lines; first += blockLines) {
    const block = Buffer.from(bytes);
    for (let i = 0; i < blockLines; i++) writeDigits(block, (starts[i] ?? 0) + numberAt, first + i);
    yield first + blockLines <= lines ? block : block.subarray(0, starts[lines - first]);
  }
}

const numberAt = '{"id":"'.length;

function template(): { bytes: Buffer; starts: readonly number[] } {
  const starts: number[] = [];
  let text = '';
  let length = 0;
  for (let i = 0; i < blockLines; i++) {
    const user = ((i * 7919) % 100_000).toString().padStart(5, '0');
    const line = `{"id":"${'0'.repeat(digits)}","user":"u-${user}","action":"${actions[i % 5]}","place":"${places[i % 7]}","item":${10_000 + ((i * 31) % 90_000)},"cents":${(i * 104_729) % 99_999}}\n`;
    starts.push(length);
    text += line;
    length += Buffer.byteLength(line);
  }
  return { bytes: Buffer.from(text), starts };
}

function writeDigits(block: Buffer, at: number, value: number): void {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    block[i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
