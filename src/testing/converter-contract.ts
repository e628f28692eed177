import assert from 'node:assert/strict';
import { schemaEquals, valueEquals } from '../record/equality.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { Converter, ConverterDefinition, ConverterRole, Payload, SchemaAndValue } from '../sdk/converter.ts';
import { Waiting } from '../sdk/converter.ts';
import { createConverter } from '../sdk/create-converter.ts';
import type { ContractCase } from './contract.ts';

export interface ConverterUnderTest {
  /** Settings besides `converter.type`. */
  readonly config?: RawConfig;
  /** Values that survive being written and read. At least one. */
  readonly samples: readonly SchemaAndValue[];
  /** Reading gives back the schema that was written, too. */
  readonly keepsSchemas?: boolean;
  /** Bytes that cannot be read. */
  readonly malformed?: readonly Uint8Array[];
  /** Values that cannot be written. */
  readonly unwritable?: readonly SchemaAndValue[];
}

const topic = 'contract';
const utf8 = new TextEncoder();

/** What every converter keeps to: round trips, nulls, headers, no shared state, errors by throwing. */
export function converterContract<C>(definition: ConverterDefinition<C>, subject: ConverterUnderTest): readonly ContractCase[] {
  const open = (role: ConverterRole = 'value') => createConverter(definition, subject.config ?? {}, role);
  const contractCase = (name: string, run: (converter: Converter) => Promise<void> | void): ContractCase => ({
    name,
    run: async () => run(open()),
  });
  return [
    {
      name: 'is declared as a converter with a name, a summary and the key converter.type',
      run: async () => {
        assert.equal(definition.kind, 'converter');
        assert.ok(definition.name.length > 0 && definition.summary.length > 0);
        assert.ok(definition.config.keys.some((key) => key.name === 'converter.type'));
      },
    },
    {
      name: 'opens for keys, values and headers',
      run: async () => (['key', 'value', 'header'] as const).forEach((role) => void open(role)),
    },
    contractCase('writes nothing as a tombstone and reads a tombstone as null', async (converter) => {
      assert.equal(await settled(() => converter.fromConnect(topic, null, null)), null);
      assert.equal((await settled(() => converter.toConnect(topic, null))).value, null);
    }),
    contractCase('reads what it wrote', async (converter) => {
      assert.ok(subject.samples.length > 0, 'the contract needs a sample');
      for (const sample of subject.samples) await roundTrip(converter, sample, subject.keepsSchemas === true);
    }),
    contractCase('reads text as it reads its bytes', async (converter) => {
      for (const { schema, value } of subject.samples)
        await readsTextAlike(converter, await settled(() => converter.fromConnect(topic, schema, value)));
    }),
    contractCase('writes the same bytes each time, whatever it wrote in between', async (converter) => {
      const write = ({ schema, value }: SchemaAndValue) => settled(() => converter.fromConnect(topic, schema, value));
      const first = await inTurn(subject.samples, write);
      const again = await inTurn([...subject.samples].reverse(), write);
      assert.deepEqual(again.reverse(), first);
    }),
    contractCase('converts headers as it converts values', async (converter) => {
      for (const sample of subject.samples) await headerRoundTrip(converter, sample);
    }),
    contractCase('throws for bytes that it cannot read, and goes on', async (converter) => {
      for (const bytes of subject.malformed ?? [])
        await assert.rejects(
          settled(() => converter.toConnect(topic, bytes)),
          Error,
        );
      for (const sample of subject.samples) await roundTrip(converter, sample, false);
    }),
    contractCase('throws for values that it cannot write, and goes on', async (converter) => {
      for (const { schema, value } of subject.unwritable ?? [])
        await assert.rejects(
          settled(() => converter.fromConnect(topic, schema, value)),
          Error,
        );
      for (const sample of subject.samples) await roundTrip(converter, sample, false);
    }),
  ];
}

/** The answer, asked again each time that what it waited for is there. */
async function settled<T>(ask: () => T | Waiting): Promise<T> {
  for (let turn = 0; turn < 100; turn++) {
    const answer = ask();
    if (!(answer instanceof Waiting)) return answer;
    await new Promise<void>((resolve, reject) => answer.ready.subscribe({ complete: resolve, error: reject }));
  }
  throw new Error('The converter still waits after 100 turns');
}

async function inTurn<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

const bytesOf = (payload: Payload): Uint8Array | null => (typeof payload === 'string' ? utf8.encode(payload) : payload);

async function roundTrip(converter: Converter, sample: SchemaAndValue, keepsSchemas: boolean): Promise<void> {
  const payload = await settled(() => converter.fromConnect(topic, sample.schema, sample.value));
  assertSame(await settled(() => converter.toConnect(topic, bytesOf(payload))), sample, keepsSchemas);
}

async function headerRoundTrip(converter: Converter, { schema, value }: SchemaAndValue): Promise<void> {
  const { fromConnectHeader, toConnectHeader } = converter;
  if (fromConnectHeader === undefined || toConnectHeader === undefined) return;
  const payload = await settled(() => converter.fromConnectHeader?.(topic, 'h', schema, value) ?? null);
  const read = await settled(() => converter.toConnectHeader?.(topic, 'h', bytesOf(payload)) ?? null);
  assertSame(read ?? { schema: null, value: null }, { schema, value }, false);
}

/** The short ways for text must not read anything else than the long one. */
async function readsTextAlike(converter: Converter, payload: Payload): Promise<void> {
  const bytes = bytesOf(payload);
  if (bytes === null) return;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (text.includes('\ufffd')) return;
  const expected = await settled(() => converter.toConnect(topic, bytes));
  if (converter.text !== undefined) assertSame({ schema: converter.text.schema, value: text }, expected, true);
  if (converter.toConnectText !== undefined) {
    assertSame(await settled(() => converter.toConnectText?.(topic, text) ?? { schema: null, value: null }), expected, true);
  }
}

function assertSame(actual: SchemaAndValue, expected: SchemaAndValue, withSchema: boolean): void {
  // The assertions name the difference; the equalities of the data model decide.
  if (!valueEquals(actual.value, expected.value)) {
    assert.deepEqual(actual.value, expected.value);
    assert.fail('The value is of another kind');
  }
  if (withSchema && !schemaEquals(actual.schema, expected.schema)) {
    assert.deepEqual(actual.schema, expected.schema);
    assert.fail('The schema differs');
  }
}
