import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Bytes, InBatch, InRecord } from '../../kafka/driver.ts';

export interface PrintOptions {
  readonly key: boolean;
  readonly headers: boolean;
  /** One JSON object per record with everything that is known of it. */
  readonly json: boolean;
}

/** Prints each record on a line: its value byte for byte, or as Kafka's console consumer does `headers⇥key⇥value`. */
export function printRecords(out: Writable, options: PrintOptions): (records: readonly InRecord[], batch: InBatch) => Promise<void> {
  const line = options.json ? jsonLine : plainLine(options);
  return async (records, batch) => {
    const parts: Uint8Array[] = [];
    for (const record of records) parts.push(...line(record, batch));
    if (!out.write(Buffer.concat(parts))) await once(out, 'drain');
  };
}

const newline = Buffer.from('\n');
const tab = Buffer.from('\t');
const comma = Buffer.from(',');
const colon = Buffer.from(':');
const absent = Buffer.from('null');

function plainLine({ key, headers }: PrintOptions): (record: InRecord) => Uint8Array[] {
  return (record) => [
    ...(headers ? [...headerList(record), tab] : []),
    ...(key ? [record.key ?? absent, tab] : []),
    record.value ?? absent,
    newline,
  ];
}

function headerList({ headers }: InRecord): Uint8Array[] {
  if (headers.length === 0) return [Buffer.from('NO_HEADERS')];
  return headers.flatMap(([name, value], i) => [...(i > 0 ? [comma] : []), Buffer.from(name), colon, value ?? absent]);
}

function jsonLine(record: InRecord, { topic, partition }: InBatch): Uint8Array[] {
  const { offset, timestamp } = record;
  const headers = record.headers.map(([name, value]) => ({ name, value: text(value) }));
  return [
    Buffer.from(`${JSON.stringify({ topic, partition, offset, timestamp, key: text(record.key), value: text(record.value), headers })}\n`),
  ];
}

/** JSON has no bytes: what is not UTF-8 text is shown as base64, and says so. */
const text = (bytes: Bytes | null): string | null | { readonly base64: string } => {
  if (bytes === null) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(bytes) ? buffer.toString() : { base64: buffer.toString('base64') };
};
