import { map, type Observable } from 'rxjs';
import { kafkaTopicSink, kafkaTopicSource } from 'sluice/connectors/kafka';
import { expectTypeOf, test } from 'vitest';
import { named, type OpenPipeline, type Pipeline, pipeline } from '../../src/graph/builder.ts';
import { decode, encode } from '../../src/graph/conversion.ts';
import { type PluginDefinition, run } from '../../src/index.ts';
import {
  type Batch,
  type BatchOperator,
  type ConnectRecord,
  config,
  defineOperator,
  defineSink,
  defineSource,
  type EncodedRecord,
  filterRecord,
  mapRecord,
  string,
} from '../../src/sdk/index.ts';
import type { SourceBatch } from '../../src/sdk/source.ts';

interface Order {
  readonly id: number;
}
const summary = 'For types.';
declare const batches: Observable<SourceBatch<Order>>;
const orders = defineSource({ name: 'orders', summary, config: config({}), open: () => batches });
const records = defineSource({
  name: 'records',
  summary,
  config: config({ file: string({ doc: 'F.' }) }),
  open: (): Observable<SourceBatch<ConnectRecord>> => {
    throw new Error('types only');
  },
});
const orderSink = defineSink({ name: 'order-sink', summary, config: config({}), open: () => ({ next: (_batch: Batch<Order>) => {} }) });
const idOf = defineOperator({ name: 'id-of', summary, config: config({}), create: () => mapRecord((order: Order) => order.id) });

// The bodies are never run: types are the test.
test('the type of records goes from stage to stage', () => {
  const check = () => {
    const open = pipeline('p').from(orders());
    expectTypeOf(open).toEqualTypeOf<OpenPipeline<Order>>();
    expectTypeOf(open.pipe(mapRecord((order) => order.id))).toEqualTypeOf<OpenPipeline<number>>();
    expectTypeOf(
      open.pipe(
        filterRecord((order) => order.id > 0),
        mapRecord((order) => `${order.id}`),
        mapRecord((text) => text.length),
      ),
    ).toEqualTypeOf<OpenPipeline<number>>();
    expectTypeOf(open.pipe(idOf())).toEqualTypeOf<OpenPipeline<number>>();
    expectTypeOf(open.to(orderSink())).toEqualTypeOf<Pipeline>();
    expectTypeOf(pipeline('p').from({ plugin: 'file' })).toEqualTypeOf<OpenPipeline<ConnectRecord>>();
  };
  expectTypeOf(check).toBeFunction();
});

test('converters stand between records and topics', () => {
  const check = () => {
    const toTopic = pipeline('p')
      .from(records({ file: 'a' }))
      .pipe(encode({ value: { plugin: 'json' } }));
    expectTypeOf(toTopic).toEqualTypeOf<OpenPipeline<EncodedRecord>>();
    toTopic.to(kafkaTopicSink());
    expectTypeOf(
      pipeline('p')
        .from(kafkaTopicSource({ topics: ['t'], 'group.id': 'g' }))
        .pipe(decode({ value: { plugin: 'json' } })),
    ).toEqualTypeOf<OpenPipeline<ConnectRecord>>();
    const lines = pipeline('p').from(records({ file: 'a' }));
    // @ts-expect-error records have to be encoded for a topic
    lines.to(kafkaTopicSink());
    const encoded = encode({ value: { plugin: 'json' } });
    // @ts-expect-error orders are no records
    pipeline('p').from(orders()).pipe(encoded);
  };
  expectTypeOf(check).toBeFunction();
});

test('what does not fit is refused', () => {
  const text: BatchOperator<string> = map((batch) => batch);
  const check = () => {
    // @ts-expect-error an operator on texts does not take orders
    pipeline('p').from(orders()).pipe(text);
    // @ts-expect-error nor under a name
    pipeline('p').from(orders()).pipe(named('text', text));
    // @ts-expect-error a sink of orders does not take numbers
    pipeline('p').from(orders()).pipe(idOf()).to(orderSink());
    // @ts-expect-error a required key is missing
    pipeline('p').from(records());
    // @ts-expect-error a setting that does not exist
    pipeline('p', { windows: {} });
    // @ts-expect-error a pipeline without source has no stages
    pipeline('p').pipe(text);
  };
  expectTypeOf(check).toBeFunction();
});

test('plugins of any records may be named to run', () => {
  const plugins = [orders, records, orderSink, idOf] as const;
  expectTypeOf(plugins).toExtend<readonly PluginDefinition[]>();
  const check = () => run({ name: 'p', nodes: [] }, { plugins });
  expectTypeOf(check).toBeFunction();
});
