/**
 * What a record costs in the record batch codec, beside kafkajs's own, in one run: nanoseconds for each record of
 * 10,000 with a 16-byte key and a 100-byte value. Run: npm run bench -- codec
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { InRecord, OutRecord } from '../../src/kafka/driver.ts';
import { decode, encodeBatch, RecordBatchBuilder } from '../../src/kafka/record-batch/index.ts';

const COUNT = 10_000;
const partition = { topic: 't', partition: 0 };
const now = 1_700_000_000_000;

type Encoded = { readonly buffer: Buffer };
const load = createRequire(import.meta.url);
const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as { RecordBatch(options: object): Promise<Encoded> };
const Record = load('kafkajs/src/protocol/recordBatch/record/v0') as (options: object) => Encoded;
const Decoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeBatch = load('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: object,
) => Promise<{ readonly records: readonly object[] }>;

const texts = Array.from({ length: COUNT }, (_, i) => ({ key: `key-${i}`.padEnd(16, 'k'), value: `line ${i} `.padEnd(100, 'x') }));
const text: OutRecord[] = texts;
const bytes: OutRecord[] = texts.map(({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value) }));
const headers = [
  ['trace', Buffer.alloc(16, 1)],
  ['type', Buffer.from('json')],
] as const;
const withHeaders: OutRecord[] = bytes.map((record) => ({ ...record, headers }));
const plain = encodeBatch(bytes, { now }).bytes;
const plainWithHeaders = encodeBatch(withHeaders, { now }).bytes;

/** The values alone: slices of a whole batch would cut through lengths, which are no ASCII. */
const values = Buffer.from(texts.map(({ value }) => value).join(''));

let sink = 0;
const touch = (read: (record: InRecord) => number) => () => {
  const { records } = decode(plain, partition);
  let sum = 0;
  for (let i = 0; i < records.length; i++) sum += read(records[i] as InRecord);
  sink += sum;
};
const theirs = (records: readonly OutRecord[]) =>
  RecordBatch({
    firstTimestamp: now,
    maxTimestamp: now,
    lastOffsetDelta: records.length - 1,
    records: records.map(({ key, value, headers: pairs }, offsetDelta) =>
      Record({ offsetDelta, timestampDelta: 0, key, value, headers: Object.fromEntries(pairs ?? []) }),
    ),
  });
const builder = new RecordBatchBuilder({ maxBytes: 100_000 });
const small = () => {
  for (const record of bytes) {
    if (builder.append(record, now)) continue;
    sink += builder.build().bytes.length;
    builder.append(record, now);
  }
  builder.clear();
};

/** `ours` by `of`: the same work. */
const cases: readonly { readonly name: string; readonly run: () => unknown; readonly than?: () => unknown }[] = [
  { name: 'encode bytes', run: () => encodeBatch(bytes, { now }), than: () => theirs(bytes) },
  {
    name: 'encode text',
    run: () => encodeBatch(text, { now }),
    than: () => theirs(texts.map((t) => ({ key: Buffer.from(t.key), value: Buffer.from(t.value) }))),
  },
  { name: 'encode bytes, batches of 100 kB', run: small },
  { name: 'encode bytes, 2 headers', run: () => encodeBatch(withHeaders, { now }), than: () => theirs(withHeaders) },
  ...(['gzip', 'snappy', 'lz4', 'zstd'] as const).map((compression) => ({
    name: `encode bytes, ${compression}`,
    run: () => encodeBatch(bytes, { now, compression }),
  })),
  { name: 'decode: offset', run: touch((record) => record.offset), than: () => decodeBatch(new Decoder(plain)) },
  { name: 'decode: offset, no checksum', run: () => (sink += decode(plain, { ...partition, checkCrc: false }).records.length) },
  { name: 'decode: offset, time, key, value', run: touch((r) => r.offset + r.timestamp + (r.key?.length ?? 0) + (r.value?.length ?? 0)) },
  { name: 'decode: value as text', run: touch((record) => record.valueText()?.length ?? 0) },
  { name: 'utf8Slice alone', run: slices },
  {
    name: 'decode: 2 headers',
    run: () => {
      let sum = 0;
      for (const record of decode(plainWithHeaders, partition).records) sum += record.headers.length;
      sink += sum;
    },
    than: () => decodeBatch(new Decoder(plainWithHeaders)),
  },
  ...(['gzip', 'snappy', 'lz4', 'zstd'] as const).map((compression) => {
    const compressed = encodeBatch(bytes, { now, compression }).bytes;
    return { name: `decode: offset, ${compression}`, run: () => (sink += decode(compressed, partition).records.length) };
  }),
];

function slices(): void {
  const buffer = values as Buffer & { utf8Slice(start: number, end: number): string };
  let sum = 0;
  for (let at = 0; at < COUNT; at++) sum += buffer.utf8Slice(at * 100, at * 100 + 100).length;
  sink += sum;
}

/** The fastest of the rounds, which all last about as long: noise only ever adds. */
async function nanoseconds(run: () => unknown, rounds: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    await run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / COUNT);
  }
  return best;
}

/** Prints one line for each case; `only` names a part of its name. */
export async function codec(only = ''): Promise<void> {
  console.log(`${'ns per record'.padEnd(36)} ${'ours'.padStart(8)} ${'kafkajs'.padStart(8)} ${'ratio'.padStart(6)}`);
  for (const { name, run, than } of cases.filter((each) => each.name.includes(only))) {
    const ours = await nanoseconds(run, 60);
    const other = than === undefined ? undefined : await nanoseconds(than, 12);
    const compared = other === undefined ? '' : `${other.toFixed(0).padStart(8)} ${(other / ours).toFixed(1).padStart(6)}`;
    console.log(`${name.padEnd(36)} ${ours.toFixed(1).padStart(8)} ${compared}`);
  }
  if (sink === 0) throw new Error('nothing was read');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await codec(process.argv[2]);
