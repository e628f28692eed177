/**
 * What a record costs at the Kafka ends, from the lazy record of a consumer to a record with schemas and back to the payload of a
 * producer, beside the least that could be done, in one run: CPU nanoseconds per record in batches of 500. Run: npm run bench -- converters
 */
import { asapScheduler, Subject } from 'rxjs';
import { byteArrayConverter } from '../../src/converters/byte-array.ts';
import { jsonConverter } from '../../src/converters/json.ts';
import { stringConverter } from '../../src/converters/string.ts';
import type { InRecord } from '../../src/kafka/driver.ts';
import { decode, encodeBatch } from '../../src/kafka/record-batch/index.ts';
import type { Ack } from '../../src/record/ack.ts';
import type { Batch } from '../../src/record/batch.ts';
import {
  type BatchOperator,
  booleanSchema,
  type ConnectRecord,
  type Converter,
  type Converters,
  connectRecord,
  createConverter,
  decodeRecords,
  encodeRecords,
  float64Schema,
  int64Schema,
  stringSchema,
  structSchema,
  type Value,
} from '../../src/sdk/index.ts';
import { testAcks } from '../../src/testing/acks.ts';

const COUNT = 500;
const line = 'x'.repeat(100);
const order = {
  id: 12345,
  name: 'Ada Lovelace',
  email: 'ada@example.org',
  active: true,
  score: 12.75,
  street: '1 Main Street',
  city: 'London',
  zip: 'N1 9GU',
  note: 'some words to fill the record up to two hundred bytes',
};
const text = JSON.stringify(order);
const schema = structSchema({
  id: int64Schema,
  name: stringSchema,
  email: stringSchema,
  active: booleanSchema,
  score: float64Schema,
  street: stringSchema,
  city: stringSchema,
  zip: stringSchema,
  note: stringSchema,
});

const string = createConverter(stringConverter, {}, 'value');
const bytes = createConverter(byteArrayConverter, {}, 'value');
const plainJson = createConverter(jsonConverter, { 'schemas.enable': false }, 'value');
const json = createConverter(jsonConverter, {}, 'value');
const envelope = String(json.fromConnect('t', schema, order));
const withValue = (value: Converter): Converters => ({ key: string, value, header: string });

const consumed = (value: string): readonly InRecord[] => {
  const batch = encodeBatch(
    Array.from({ length: COUNT }, () => ({ key: null, value })),
    { now: 1_700_000_000_000 },
  );
  return decode(batch.bytes, { topic: 't', partition: 0 }).records;
};
const produced = (value: () => Value, valueSchema: typeof schema | null = null): readonly ConnectRecord[] =>
  Array.from({ length: COUNT }, () => connectRecord({ topic: 't', value: value(), valueSchema }));

let sink = 0;
const { batch: newBatch } = testAcks(asapScheduler);
// The work of acks is measured elsewhere: one ack serves all batches.
const ack: Ack = newBatch([0]).ack;

/** Runs one batch through an operator; members of each result are read, so that nothing is left undone. */
function through<A, B extends { readonly value: unknown }>(operator: BatchOperator<A, B>, records: readonly A[]): () => void {
  const input = new Subject<Batch<A>>();
  operator(input).subscribe(({ records: out }) => {
    for (let i = 0; i < out.length; i++) sink += out[i]?.value === null ? 0 : 1;
  });
  return () => input.next({ records, ack });
}
const each =
  <A>(records: readonly A[], work: (record: A) => number) =>
  () => {
    for (let i = 0; i < records.length; i++) sink += work(records[i] as A);
  };

const lines = consumed(line);
const orders = consumed(text);
const values = produced(() => JSON.parse(text) as Value);
const cases: readonly { readonly name: string; readonly run: () => void }[] = [
  { name: 'least: valueText of 100 B', run: each(lines, (record) => record.valueText()?.length ?? 0) },
  { name: 'decode String, 100 B', run: through(decodeRecords(withValue(string)), lines) },
  { name: 'decode ByteArray, 100 B', run: through(decodeRecords(withValue(bytes)), lines) },
  { name: `least: valueText and JSON.parse of ${text.length} B`, run: each(orders, (record) => JSON.parse(record.valueText() ?? '').id) },
  { name: 'decode Json without schemas', run: through(decodeRecords(withValue(plainJson)), orders) },
  { name: 'decode Json without schemas, 1.0', run: through(decodeRecords(withValue(plainJson)), consumed(text.replace('12.75', '12.0'))) },
  { name: `decode Json with its schema, ${envelope.length} B`, run: through(decodeRecords(withValue(json)), consumed(envelope)) },
  {
    name: 'encode String, 100 B',
    run: through(
      encodeRecords(withValue(string)),
      produced(() => line),
    ),
  },
  { name: 'least: JSON.stringify', run: each(values, (record) => JSON.stringify(record.value).length) },
  { name: 'encode Json without schemas', run: through(encodeRecords(withValue(plainJson)), values) },
  {
    name: 'encode Json with its schema',
    run: through(
      encodeRecords(withValue(json)),
      produced(() => JSON.parse(text) as Value, schema),
    ),
  },
];

/** The fastest of the rounds: noise only ever adds. */
function nanoseconds(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < 60; i++) run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / (60 * COUNT));
  }
  return best;
}

/** Prints one line for each case; `only` names a part of its name. */
export async function converters(only = ''): Promise<void> {
  console.log('CPU ns per record');
  for (const { name, run } of cases.filter((one) => one.name.includes(only))) {
    console.log(`${name.padEnd(46)} ${nanoseconds(run).toFixed(0).padStart(6)}`);
  }
  if (sink === 0) throw new Error('nothing was read');
}
