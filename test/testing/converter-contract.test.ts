import { timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { byteArrayConverter } from '../../src/converters/byte-array.ts';
import { jsonConverter } from '../../src/converters/json.ts';
import { stringConverter } from '../../src/converters/string.ts';
import {
  bytesSchema,
  type Converter,
  config,
  converterKeys,
  defineConverter,
  int32Schema,
  optionalStringSchema,
  type SchemaAndValue,
  stringSchema,
  structSchema,
  Waiting,
} from '../../src/sdk/index.ts';
import { type ContractCase, converterContract } from '../../src/testing/index.ts';

const texts: readonly SchemaAndValue[] = ['', 'a', 'é😀', '\ufeffb'].map((value) => ({ schema: optionalStringSchema, value }));
const structs: readonly SchemaAndValue[] = [{ schema: structSchema({ a: int32Schema }), value: { a: 1 } }];
const both = (cases: readonly ContractCase[]) => {
  for (const { name, run } of cases) test(name, async () => expect(await run()).toBeUndefined());
};

describe('String', () => both(converterContract(stringConverter, { samples: texts, keepsSchemas: true })));
describe('String in UTF-16', () =>
  both(converterContract(stringConverter, { samples: texts, config: { 'converter.encoding': 'UTF-16LE' } })));
describe('Json', () =>
  both(
    converterContract(jsonConverter, {
      samples: [...texts, ...structs],
      keepsSchemas: true,
      malformed: [Uint8Array.of(0xff), Uint8Array.of(0x7b), Uint8Array.of(0x31)],
      unwritable: [
        { schema: int32Schema, value: 'a' },
        { schema: stringSchema, value: null },
      ],
    }),
  ));
describe('Json without schemas', () =>
  both(
    converterContract(jsonConverter, {
      config: { 'schemas.enable': false },
      samples: [{ schema: null, value: { a: [1, 2n ** 62n, null, 0.5] } }],
      malformed: [Uint8Array.of(0x7b)],
      unwritable: [{ schema: null, value: new Date(0) }],
    }),
  ));
describe('ByteArray', () =>
  both(
    converterContract(byteArrayConverter, {
      samples: [{ schema: bytesSchema, value: Uint8Array.of(0, 255) }],
      unwritable: [{ schema: null, value: 'a' }],
    }),
  ));

const toy = (create: () => Converter) => defineConverter({ name: 'toy', summary: 'A toy.', config: config(converterKeys), create });
const utf8 = new TextEncoder();
const plain: Converter = {
  fromConnect: (_topic, _schema, value) => (value === null ? null : String(value)),
  toConnect: (_topic, bytes) => ({ schema: null, value: bytes === null ? null : new TextDecoder().decode(bytes) }),
};

describe('a converter that has to wait', () => {
  let known = false;
  const waiting = () => {
    known = false;
    const ask = <T>(answer: T) => {
      if (known) return answer;
      return new Waiting(
        timer(1).pipe((ready) => {
          ready.subscribe(() => (known = true));
          return ready;
        }),
      );
    };
    return {
      fromConnect: (...given: Parameters<Converter['fromConnect']>) => ask(plain.fromConnect(...given)),
      toConnect: plain.toConnect,
    };
  };
  both(converterContract(toy(waiting), { samples: [{ schema: null, value: 'a' }] }));
});

async function broken(create: () => Converter, malformed: readonly Uint8Array[] = []): Promise<readonly string[]> {
  const cases = converterContract(toy(create), {
    samples: [
      { schema: null, value: 'a' },
      { schema: null, value: 'b' },
    ],
    malformed,
  });
  const results = await Promise.all(
    cases.map(async ({ name, run }) =>
      run().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return results.flat();
}

test('broken converters are found', async () => {
  expect(await broken(() => plain)).toEqual([]);
  expect(await broken(() => ({ ...plain, fromConnect: () => 'a' }))).toContain('reads what it wrote');
  expect(await broken(() => ({ ...plain, fromConnect: (_topic, _schema, value) => String(value) }))).toContain(
    'writes nothing as a tombstone and reads a tombstone as null',
  );
  expect(await broken(() => plain, [utf8.encode('x')])).toEqual(['throws for bytes that it cannot read, and goes on']);
  expect(await broken(() => ({ ...plain, toConnectText: () => ({ schema: null, value: 'c' }) }))).toEqual([
    'reads text as it reads its bytes',
  ]);
  let calls = 0;
  const numbering: Converter = {
    fromConnect: (_topic, _schema, value) => (value === null ? null : `${value}${calls++}`),
    toConnect: (topic, bytes) => plain.toConnect(topic, bytes?.subarray(0, 1) ?? null),
  };
  expect(await broken(() => numbering)).toEqual(['writes the same bytes each time, whatever it wrote in between']);
});
