import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { byteArrayConverter } from '../../src/converters/byte-array.ts';
import { stringConverter } from '../../src/converters/string.ts';
import {
  type BatchOperator,
  type ConsumedRecord,
  type Converter,
  connectRecord,
  createConverter,
  dataException,
  decodeRecords,
  encodeRecords,
  type Failure,
  optionalStringSchema,
  Waiting,
} from '../../src/sdk/index.ts';
import { testAcks } from '../../src/testing/acks.ts';
import { type MarbleHelpers, marbles } from '../../src/testing/marbles.ts';

const text = createConverter(stringConverter, {}, 'value');
const bytes = createConverter(byteArrayConverter, {}, 'value');
const origin = { topic: 't', partition: 3, timestampType: 'CreateTime' } as const;
const utf8 = (value: string | null) => (value === null ? null : new TextEncoder().encode(value));

function consumed(value: string | Uint8Array | null, members: Partial<ConsumedRecord> = {}): ConsumedRecord {
  const raw = typeof value === 'string' ? utf8(value) : value;
  const read = (of: Uint8Array | null | undefined) => (of == null ? null : new TextDecoder().decode(of));
  const key = members.key ?? null;
  return {
    ...{ origin, offset: 7, timestamp: 1_000, key, value: raw, headers: [] },
    keyText: () => read(key),
    valueText: () => read(raw),
    ...members,
  };
}

/** Runs one batch through an operator in virtual time: what came out, and how the records settled. */
function through<A, B>({ scheduler }: MarbleHelpers, operator: BatchOperator<A, B>, records: readonly A[]) {
  const failures: Failure[] = [];
  const acks = testAcks(scheduler, {
    policy: (_record, failure) => {
      failures.push(failure);
      return { kind: 'filtered', failure };
    },
  });
  const input = new Subject<ReturnType<typeof acks.batch<A>>>();
  const output: B[][] = [];
  operator(input).subscribe((batch) => output.push([...batch.records]));
  input.next(acks.batch(records));
  return { output, failures, acks, input };
}

test(
  'a consumed record becomes a record with schemas, its position and its origin',
  marbles((helpers) => {
    const headers = [
      ['h', utf8('1')],
      ['h', null],
    ] as const;
    const { output } = through(helpers, decodeRecords({ key: text, value: text, header: text }), [
      consumed('v', { key: utf8('k'), headers }),
      consumed(null, { timestamp: -1 }),
    ]);
    expect(output).toEqual([
      [
        {
          topic: 't',
          partition: 3,
          keySchema: optionalStringSchema,
          key: 'k',
          valueSchema: optionalStringSchema,
          value: 'v',
          timestamp: 1_000,
          headers: [
            { key: 'h', schema: optionalStringSchema, value: '1' },
            { key: 'h', schema: optionalStringSchema, value: null },
          ],
          offset: 7,
          origin,
        },
        expect.objectContaining({ key: null, value: null, timestamp: null, headers: [] }),
      ],
    ]);
  }),
);

test(
  'malformed UTF-8 is read as Java reads it: one replacement for an encoded surrogate',
  marbles((helpers) => {
    const { output } = through(helpers, decodeRecords({ key: text, value: text, header: text }), [
      consumed(Uint8Array.of(0x61, 0xed, 0xa0, 0x80, 0x62)),
    ]);
    expect(output[0]?.[0]?.value).toBe('a\ufffdb');
  }),
);

const failing = (word: string): Converter => ({
  toConnect: (topic, raw) => {
    if (raw !== null && new TextDecoder().decode(raw) === word) throw dataException(`${topic} ${word}`);
    return bytes.toConnect(topic, raw);
  },
  fromConnect: (topic, schema, value) => {
    if (value === word) throw dataException(`${topic} ${word}`);
    return text.fromConnect(topic, schema, value);
  },
});

test(
  'a record that cannot be decoded fails with the stage of its converter; the others go on',
  marbles((helpers) => {
    const bad = failing('bad');
    const { output, failures } = through(helpers, decodeRecords({ key: bad, value: bad, header: bad }), [
      consumed('a'),
      consumed('bad'),
      consumed('b', { key: utf8('bad') }),
      consumed('c', { headers: [['h', utf8('bad')]] }),
      consumed('d'),
    ]);
    expect(output.map((records) => records.map(({ value }) => new TextDecoder().decode(value as Uint8Array)))).toEqual([['a', 'd']]);
    expect(failures.map(({ stage, error }) => [stage, String(error)])).toEqual([
      ['VALUE_CONVERTER', 'DataException: t bad'],
      ['KEY_CONVERTER', 'DataException: t bad'],
      ['HEADER_CONVERTER', 'DataException: t bad'],
    ]);
  }),
);

test(
  'a record becomes key, value and headers, their order and nulls kept',
  marbles((helpers) => {
    const record = connectRecord({
      topic: 'out',
      partition: 1,
      key: 'k',
      value: 12,
      timestamp: 5,
      headers: [
        { key: 'b', schema: null, value: 'x' },
        { key: 'a', schema: null, value: null },
        { key: 'b', schema: null, value: 'y' },
      ],
    });
    const { output } = through(helpers, encodeRecords({ key: text, value: text, header: text }), [
      record,
      connectRecord({ topic: 'out', value: null }),
    ]);
    const headers = [
      ['b', 'x'],
      ['a', null],
      ['b', 'y'],
    ];
    expect(output).toEqual([
      [
        { topic: 'out', partition: 1, key: 'k', value: '12', headers, timestamp: 5 },
        { topic: 'out', partition: null, key: null, value: null, headers: undefined, timestamp: undefined },
      ],
    ]);
  }),
);

test(
  'a record that cannot be encoded fails with the stage of its converter',
  marbles((helpers) => {
    const bad = failing('bad');
    const { output, failures } = through(helpers, encodeRecords({ key: bad, value: bad, header: bad }), [
      connectRecord({ topic: 't', value: 'bad' }),
      connectRecord({ topic: 't', key: 'bad', value: 'a' }),
      connectRecord({ topic: 't', value: 'b', headers: [{ key: 'h', schema: null, value: 'bad' }] }),
      connectRecord({ topic: 't', value: 'c' }),
    ]);
    expect(output.map((records) => records.map(({ value }) => value))).toEqual([['c']]);
    expect(failures.map(({ stage }) => stage)).toEqual(['VALUE_CONVERTER', 'KEY_CONVERTER', 'HEADER_CONVERTER']);
  }),
);

test(
  'a converter that waits for a schema suspends its batch and those behind it, in order (I5)',
  marbles((helpers) => {
    const { scheduler, cold } = helpers;
    let known = false;
    const registry = cold('--(a|)');
    registry.subscribe({ complete: () => (known = true) });
    const waiting: Converter = { ...bytes, toConnect: (topic, raw) => (known ? bytes.toConnect(topic, raw) : new Waiting(registry)) };
    const seen: string[] = [];
    const acks = testAcks(scheduler);
    const input = new Subject<ReturnType<typeof acks.batch<ConsumedRecord>>>();
    decodeRecords({ key: text, value: waiting, header: text })(input).subscribe((batch) => {
      for (const { value } of batch.records) seen.push(`${scheduler.now()} ${new TextDecoder().decode(value as Uint8Array)}`);
    });
    input.next(acks.batch([consumed('a'), consumed('b')]));
    input.next(acks.batch([consumed('c')]));
    expect(seen).toEqual([]);
    scheduler.flush();
    expect(seen).toEqual(['2 a', '2 b', '2 c']);
  }),
);

test(
  'an error of the wait is a failure of its record',
  marbles((helpers) => {
    const registry = helpers.cold('-#');
    const waiting = { ...bytes, toConnect: () => new Waiting(registry) } as Converter;
    const { failures, output } = through(helpers, decodeRecords({ key: text, value: waiting, header: text }), [consumed('a')]);
    helpers.scheduler.flush();
    expect(output).toEqual([]);
    expect(failures.map(({ stage, error }) => [stage, error])).toEqual([['VALUE_CONVERTER', 'error']]);
  }),
);

test(
  'a stop gives back what waits for a schema',
  marbles((helpers) => {
    const ending = helpers.cold('-(s|)', { s: 'stop' as const });
    const acks = testAcks(helpers.scheduler, { ending });
    const waiting = { ...bytes, toConnect: () => new Waiting(helpers.cold('-----|')) } as Converter;
    const input = new Subject<ReturnType<typeof acks.batch<ConsumedRecord>>>();
    decodeRecords({ key: text, value: waiting, header: text })(input).subscribe();
    input.next(acks.batch([consumed('a')]));
    helpers.scheduler.flush();
    expect([...acks.outcomes.values()]).toEqual([{ kind: 'returned' }]);
  }),
);
