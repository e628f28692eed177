/**
 * What a transformation costs a record, beside JSON.parse and JSON.stringify of the same bytes, in one run: CPU nanoseconds per record
 * in batches of 500; and a chain of five under a predicate. Whoever decodes and encodes, JSON.parse and Connect too, goes from bytes to bytes. Run: npm run bench -- transforms
 */
import { asyncScheduler, Subject } from 'rxjs';
import { jsonConverter } from '../../src/converters/json.ts';
import { type ChainStage, transformChain } from '../../src/graph/chain.ts';
import { allocate, type TextBuffer } from '../../src/kafka/record-batch/bytes.ts';
import type { Ack } from '../../src/record/ack.ts';
import type { Batch } from '../../src/record/batch.ts';
import {
  booleanSchema,
  type ConnectRecord,
  type Converter,
  connectRecord,
  createConverter,
  float64Schema,
  int64Schema,
  optionalStringSchema,
  type Schema,
  stringSchema,
  structSchema,
  type Value,
} from '../../src/sdk/index.ts';
import { testAcks } from '../../src/testing/acks.ts';
import { loadPlugins } from '../../src/testing/load-plugins.ts';
import { fiveTransforms } from './five-transforms.ts';
import { type JavaCase, type JavaPlugin, javaCosts } from './java-costs.ts';

const COUNT = 500;
/** Orders of one shape: each differs from the others in a number and a text. */
const orders = Array.from({ length: COUNT }, (_, i) => ({
  id: 12345 + i * 7919,
  name: `Ada Lovelace ${i}`,
  email: 'ada@example.org',
  active: true,
  score: i / 4 + 12.25,
  street: '1 Main Street',
  city: 'London',
  zip: 'N1 9GU',
  note: 'some words to fill the record up to two hundred bytes',
}));
const plainTexts = orders.map((order) => JSON.stringify(order));
const schema = structSchema({
  id: int64Schema,
  name: stringSchema,
  email: stringSchema,
  active: booleanSchema,
  score: float64Schema,
  street: stringSchema,
  city: optionalStringSchema,
  zip: stringSchema,
  note: stringSchema,
});

const prefix = 'org.apache.kafka.connect.transforms.';
const transforms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Cast$Value: { spec: 'id:string,score:int32' },
  DropHeaders: { headers: 'a' },
  ExtractField$Value: { field: 'name' },
  Flatten$Value: {},
  HeaderFrom$Value: { fields: 'zip', headers: 'zip', operation: 'move' },
  HoistField$Value: { field: 'order' },
  InsertField$Value: { 'static.field': 'region', 'static.value': 'eu' },
  InsertHeader: { header: 'h', 'value.literal': '1' },
  MaskField$Value: { fields: 'email,zip' },
  RegexRouter: { regex: '(.*)', replacement: 'x-$1' },
  ReplaceField$Value: { exclude: 'note', renames: 'city:town' },
  SetSchemaMetadata$Value: { 'schema.name': 'Order' },
  TimestampConverter$Value: { field: 'id', 'target.type': 'string', format: 'yyyy-MM-dd HH:mm:ss' },
  TimestampRouter: {},
  ValueToKey: { fields: 'id' },
};

let sink = 0;
const acks = testAcks(asyncScheduler);
// The work of acks is measured elsewhere: one ack serves all batches.
const ack: Ack = acks.batch([0]).ack;

async function stagesOf(config: Readonly<Record<string, string>>): Promise<readonly ChainStage[]> {
  const names = Object.entries(config).flatMap(([key, name]) =>
    key.endsWith('.type') ? (['operator', 'predicate'] as const).map((kind) => ({ kind, name })) : [],
  );
  return transformChain(config, await loadPlugins(names));
}

/** Runs records through the chain as one batch. */
async function chainOf(config: Readonly<Record<string, string>>): Promise<(records: readonly ConnectRecord[]) => readonly ConnectRecord[]> {
  const entry = new Subject<Batch>();
  let batches = entry.asObservable();
  for (const { create } of await stagesOf(config)) batches = create({ scheduler: asyncScheduler })(batches);
  let out: readonly ConnectRecord[] = [];
  batches.subscribe(({ records }) => {
    out = records;
  });
  return (records) => {
    entry.next({ records, ack });
    if (acks.failures.length > 0) throw acks.failures[0];
    return out;
  };
}

const records = (valueSchema: Schema | null): readonly ConnectRecord[] =>
  orders.map((order) => connectRecord({ topic: 'orders', partition: 1, timestamp: 1_700_000_000_123, value: { ...order }, valueSchema }));

/** Payloads in one buffer, which texts are read from and written to as from and to a batch of Kafka (`LazyRecord`, `RecordWriter`). */
class Payloads {
  readonly #given: TextBuffer;
  /** Where each starts, and where the last one ends. */
  readonly #bounds: number[] = [0];
  readonly #written: TextBuffer;

  constructor(texts: readonly string[]) {
    const all = texts.join('');
    this.#given = allocate(Buffer.byteLength(all));
    this.#given.utf8Write(all, 0, this.#given.length);
    for (const text of texts) this.#bounds.push((this.#bounds.at(-1) ?? 0) + Buffer.byteLength(text));
    this.#written = allocate(64 * 1024);
  }

  text(i: number): string {
    return this.#given.utf8Slice(this.#bounds[i]!, this.#bounds[i + 1]!);
  }

  /** Writes behind `at`, and answers where it ends. */
  write(text: string, at: number): number {
    const from = at + 3 * text.length > this.#written.length ? 0 : at;
    return from + this.#written.utf8Write(text, from, 3 * text.length);
  }
}

function parseAndStringify(): () => void {
  const payloads = new Payloads(plainTexts);
  return () => {
    let end = 0;
    for (let i = 0; i < COUNT; i++) end = payloads.write(JSON.stringify(JSON.parse(payloads.text(i))), end);
    sink += end;
  };
}

function fromBytesToBytes(
  converter: Converter,
  texts: readonly string[],
  run: (records: readonly ConnectRecord[]) => readonly ConnectRecord[],
) {
  const read = converter.toConnectText;
  if (read === undefined) throw new Error('the JSON converter reads texts');
  const payloads = new Payloads(texts);
  return () => {
    const decoded = new Array<ConnectRecord>(COUNT);
    for (let i = 0; i < COUNT; i++) {
      const { schema: valueSchema, value } = read('orders', payloads.text(i)) as { schema: Schema | null; value: Value };
      decoded[i] = connectRecord({ topic: 'orders', partition: 1, value, valueSchema, timestamp: 1_700_000_000_123 });
    }
    let end = 0;
    for (const record of run(decoded))
      end = payloads.write(String(converter.fromConnect(record.topic, record.valueSchema, record.value)), end);
    sink += end;
  };
}

const ROUNDS = 5;
const ROUND_MS = 300;
const WARM_UP = 500_000;

/** The fastest of the rounds, as in TransformBench.java: noise only ever adds. Of the whole process, collection of garbage included. */
function nanoseconds(run: () => void): number {
  for (let end = performance.now() + ROUND_MS, done = 0; done < WARM_UP || performance.now() < end; done += COUNT) run();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const end = performance.now() + ROUND_MS;
    const before = process.cpuUsage();
    let done = 0;
    for (; performance.now() < end; done += COUNT) run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / done);
  }
  return best;
}

/** One line of the table: what is measured here, and what Connect is asked to do for it. */
interface Line extends JavaCase {
  run(): void;
}

const without = (settings: Readonly<Record<string, string>>, alias: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) => {
      const own = key.startsWith(`${alias}.`) ? key.slice(alias.length + 1) : '';
      return own === '' || ['type', 'predicate'].includes(own) ? [] : [[own, value]];
    }),
  );

const pluginOf = (alias: string): JavaPlugin => ({
  type: (fiveTransforms as Readonly<Record<string, string>>)[`${alias}.type`] ?? '',
  settings: without(fiveTransforms, alias),
});

const chainStages: JavaCase['stages'] = fiveTransforms.transforms.split(',').map((alias) => {
  const under = `transforms.${alias}.predicate` in fiveTransforms ? { predicate: pluginOf('predicates.orders') } : {};
  return { ...pluginOf(`transforms.${alias}`), ...under };
});

async function transformLines(only: string, envelopes: readonly string[]): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const [type, settings] of Object.entries(transforms).filter(([name]) => name.includes(only))) {
    const own = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`transforms.t.${key}`, value]));
    const run = await chainOf({ transforms: 't', 'transforms.t.type': prefix + type, ...own });
    const stages = [{ type: prefix + type, settings }];
    const line = (what: string, given: readonly ConnectRecord[], schemas: boolean): Line => ({
      name: `${type}, ${what}`,
      texts: schemas ? envelopes : plainTexts,
      schemas,
      converts: false,
      stages,
      run: () => (sink += run(given).length),
    });
    if (type !== 'SetSchemaMetadata$Value') lines.push(line('without schema', records(null), false));
    lines.push(line('struct', records(schema), true));
  }
  return lines;
}

async function chainLines(envelopes: readonly string[]): Promise<readonly Line[]> {
  const run = await chainOf(fiveTransforms);
  const plain = createConverter(jsonConverter, { 'schemas.enable': false }, 'value');
  const typedJson = createConverter(jsonConverter, {}, 'value');
  const identity = (given: readonly ConnectRecord[]) => given;
  const [bare, typed] = [records(null), records(schema)];
  const noSchema = { texts: plainTexts, schemas: false };
  const withSchema = { texts: envelopes, schemas: true };
  const bytes = `${envelopes[0]?.length} B envelope`;
  return [
    {
      name: 'decode and encode, without schema',
      ...noSchema,
      converts: true,
      stages: [],
      run: fromBytesToBytes(plain, plainTexts, identity),
    },
    { name: wholeName, ...noSchema, converts: true, stages: chainStages, run: fromBytesToBytes(plain, plainTexts, run) },
    {
      name: 'chain of five alone, without schema',
      ...noSchema,
      converts: false,
      stages: chainStages,
      run: () => (sink += run(bare).length),
    },
    { name: 'chain of five alone, struct', ...withSchema, converts: false, stages: chainStages, run: () => (sink += run(typed).length) },
    {
      name: `decode and encode, ${bytes}`,
      ...withSchema,
      converts: true,
      stages: [],
      run: fromBytesToBytes(typedJson, envelopes, identity),
    },
    {
      name: `decode, chain of five, encode, ${bytes}`,
      ...withSchema,
      converts: true,
      stages: chainStages,
      run: fromBytesToBytes(typedJson, envelopes, run),
    },
  ];
}

const wholeName = 'decode, chain of five, encode, no schema';

const row = (name: string, ...cells: readonly string[]): void =>
  console.log(`${name.padEnd(46)} ${cells.map((cell) => cell.padStart(9)).join(' ')}`);

/**
 * Prints a line for each case, Connect's own classes beside it; `false` when the chain costs more than twice what parse and stringify do, or
 * more than half of what it costs Connect.
 */
export async function transformsBench(only = ''): Promise<boolean> {
  const typedJson = createConverter(jsonConverter, {}, 'value');
  const envelopes = orders.map((order) => String(typedJson.fromConnect('orders', schema, order)));
  const lines = [...(await transformLines(only, envelopes)), ...(await chainLines(envelopes))];
  const java = await javaCosts(lines.map(({ run: _run, ...asked }) => asked));
  const least = nanoseconds(parseAndStringify());
  row('CPU ns per record', 'Sluice', '× least', 'Connect', '÷ Connect');
  row(`least: JSON.parse and stringify of ${plainTexts[0]?.length} B`, least.toFixed(0), '1.00');
  let [whole, wholeOfJava] = [0, Number.POSITIVE_INFINITY];
  for (const { name, run } of lines) {
    const cost = nanoseconds(run);
    const connect = java.get(name);
    row(
      name,
      cost.toFixed(0),
      (cost / least).toFixed(2),
      connect?.toFixed(0) ?? '-',
      connect === undefined ? '-' : (cost / connect).toFixed(2),
    );
    if (name === wholeName) [whole, wholeOfJava] = [cost, connect ?? wholeOfJava];
  }
  if (sink === 0) throw new Error('nothing was done');
  return whole <= 2 * least && whole <= wholeOfJava / 2;
}
