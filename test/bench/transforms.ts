/**
 * What a transformation costs a record, beside JSON.parse and JSON.stringify of the same bytes, in one run: CPU nanoseconds per record
 * in batches of 500; and a chain of five under a predicate, from bytes to bytes. Run: npm run bench -- transforms
 */
import { asyncScheduler, Subject } from 'rxjs';
import { jsonConverter } from '../../src/converters/json.ts';
import { type ChainStage, transformChain } from '../../src/graph/chain.ts';
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

const COUNT = 500;
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

const chain = {
  transforms: 'insert,replace,mask,cast,route',
  'transforms.insert.type': `${prefix}InsertField$Value`,
  'transforms.insert.static.field': 'region',
  'transforms.insert.static.value': 'eu',
  'transforms.replace.type': `${prefix}ReplaceField$Value`,
  'transforms.replace.exclude': 'note',
  'transforms.replace.renames': 'city:town',
  'transforms.mask.type': `${prefix}MaskField$Value`,
  'transforms.mask.fields': 'email,zip',
  'transforms.cast.type': `${prefix}Cast$Value`,
  'transforms.cast.spec': 'id:string,score:int32',
  'transforms.route.type': `${prefix}RegexRouter`,
  'transforms.route.regex': '(.*)',
  'transforms.route.replacement': 'out-$1',
  'transforms.route.predicate': 'orders',
  predicates: 'orders',
  'predicates.orders.type': `${prefix}predicates.TopicNameMatches`,
  'predicates.orders.pattern': 'ord.*',
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
  Array.from({ length: COUNT }, () =>
    connectRecord({ topic: 'orders', partition: 1, timestamp: 1_700_000_000_123, value: { ...order }, valueSchema }),
  );

const parseAndStringify = () => {
  for (let i = 0; i < COUNT; i++) sink += JSON.stringify(JSON.parse(text)).length;
};

function fromBytesToBytes(converter: Converter, given: string, run: (records: readonly ConnectRecord[]) => readonly ConnectRecord[]) {
  const read = converter.toConnectText;
  if (read === undefined) throw new Error('the JSON converter reads texts');
  return () => {
    const decoded = new Array<ConnectRecord>(COUNT);
    for (let i = 0; i < COUNT; i++) {
      const { schema: valueSchema, value } = read('orders', given) as { schema: Schema | null; value: Value };
      decoded[i] = connectRecord({ topic: 'orders', partition: 1, value, valueSchema, timestamp: 1_700_000_000_123 });
    }
    for (const record of run(decoded)) sink += String(converter.fromConnect(record.topic, record.valueSchema, record.value)).length;
  };
}

/** The fastest of the rounds: noise only ever adds. */
function nanoseconds(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < 40; i++) run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / (40 * COUNT));
  }
  return best;
}

const print = (name: string, cost: number, least: number): void =>
  console.log(`${name.padEnd(44)} ${cost.toFixed(0).padStart(6)} ${(cost / least).toFixed(2).padStart(6)}`);

/** Prints a line for each case; `false` when the chain costs more than twice what parse and stringify do. */
export async function transformsBench(only = ''): Promise<boolean> {
  const least = nanoseconds(parseAndStringify);
  console.log(`${'CPU ns per record'.padEnd(44)} ${'ns'.padStart(6)} ${'times'.padStart(6)}`);
  print(`least: JSON.parse and stringify of ${text.length} B`, least, least);
  for (const [type, settings] of Object.entries(transforms).filter(([name]) => name.includes(only))) {
    const own = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`transforms.t.${key}`, value]));
    const run = await chainOf({ transforms: 't', 'transforms.t.type': prefix + type, ...own });
    const [plain, typed] = [records(null), records(schema)];
    const cost = (given: readonly ConnectRecord[]) => nanoseconds(() => (sink += run(given).length));
    if (type !== 'SetSchemaMetadata$Value') print(`${type}, without schema`, cost(plain), least);
    print(`${type}, struct`, cost(typed), least);
  }
  const run = await chainOf(chain);
  const plain = createConverter(jsonConverter, { 'schemas.enable': false }, 'value');
  const envelopes = createConverter(jsonConverter, {}, 'value');
  const identity = (given: readonly ConnectRecord[]) => given;
  print('decode and encode, without schema', nanoseconds(fromBytesToBytes(plain, text, identity)), least);
  const whole = nanoseconds(fromBytesToBytes(plain, text, run));
  print('decode, chain of five, encode, no schema', whole, least);
  print(
    'chain of five alone, without schema',
    nanoseconds(() => (sink += run(records0).length)),
    least,
  );
  print(
    'chain of five alone, struct',
    nanoseconds(() => (sink += run(records1).length)),
    least,
  );
  const envelope = String(envelopes.fromConnect('orders', schema, order));
  print(`decode, chain of five, encode, ${envelope.length} B envelope`, nanoseconds(fromBytesToBytes(envelopes, envelope, run)), least);
  if (sink === 0) throw new Error('nothing was done');
  return whole <= 2 * least;
}

const records0 = records(null);
const records1 = records(schema);
