import { expect, test } from 'vitest';
import { type JsonObject, JsonReal } from '../../src/converters/json/node.ts';
import { checkAll, differenceOf, readVectors } from './check-all.ts';
import { changesOf, representatives } from './corrupt.ts';
import type { Vector } from './vector.ts';

const vectors = readVectors(new URL('../vectors/', import.meta.url));

test('every recorded case is answered as Kafka Connect answered it', async () => {
  const tallies = await checkAll(vectors);
  expect(tallies.flatMap(({ differences }) => differences)).toEqual([]);
  const passed = Map.groupBy(tallies, ({ kind }) => kind);
  expect(Object.fromEntries([...passed].map(([kind, list]) => [kind, list.map((tally) => tally.passed).reduce((a, b) => a + b)]))).toEqual({
    transform: 3326,
    converter: 1392,
    validate: 142,
  });
}, 120_000);

test('cases that generated ones have found are answered as Kafka Connect answers them', async () => {
  const found = readVectors(new URL('./found/', import.meta.url));
  expect(found.length).toBeGreaterThan(300);
  const tallies = await checkAll(found);
  expect(tallies.flatMap(({ differences }) => differences)).toEqual([]);
}, 60_000);

test.each(representatives(vectors))('nothing in the expectation of %s can be changed unnoticed', async (_id, vector) => {
  expect(await differenceOf(vector)).toBeUndefined();
  const unnoticed: string[] = [];
  for (const { path, expect: changed } of changesOf(vector.expect)) {
    if ((await differenceOf({ ...vector, expect: changed })) === undefined) unnoticed.push(path);
  }
  expect(unnoticed).toEqual([]);
});

/** The first case whose expectation has this member. */
const withMember = (kind: string, member: string, more: (vector: Vector) => boolean = () => true): Vector => {
  const found = vectors.find((vector) => vector.kind === kind && vector.expect[member] !== undefined && more(vector));
  if (found === undefined) throw new Error(`no case of kind ${kind} with ${member}`);
  return found;
};
const part = (node: unknown): JsonObject => node as JsonObject;

const transformed = withMember('transform', 'record', (vector) => part(part(part(vector.expect.record).value)).schema === null);
const record = part(transformed.expect.record);
const refused = withMember('transform', 'configError');
const failed = withMember('transform', 'error', (vector) => String(part(vector.expect.error).class).startsWith('org.apache'));
const failedInJava = withMember('transform', 'error', (vector) => String(part(vector.expect.error).class).startsWith('java.'));
const read = withMember('converter', 'env', (vector) => vector.expect.env !== null && part(vector.expect.env).payload === 1);
const plain = withMember('converter', 'env', (vector) => {
  const env = vector.expect.env === null ? {} : part(vector.expect.env);
  return env.schema === null && typeof env.payload === 'number' && env.javaType === undefined;
});
const plainEnv = part(plain.expect.env);
const validated = withMember('validate', 'configs', ({ id }) => id.startsWith('plugin'));
const [firstKey = {}, ...otherKeys] = validated.expect.configs as unknown as readonly JsonObject[];

const corruptions: ReadonlyArray<readonly [what: string, vector: Vector, expectation: JsonObject]> = [
  ['another topic', transformed, { record: { ...record, topic: 'elsewhere' } }],
  ['another partition', transformed, { record: { ...record, partition: 99 } }],
  ['another timestamp', transformed, { record: { ...record, timestamp: 12 } }],
  [
    'one header more',
    transformed,
    { record: { ...record, headers: [...(record.headers as []), { key: 'x', value: record.key ?? null }] } },
  ],
  ['another schema', transformed, { record: { ...record, value: { schema: { type: 'int8' }, payload: 1 } } }],
  ['another key', transformed, { record: { ...record, key: { schema: null, payload: 'other' } } }],
  ['a dropped record', transformed, { dropped: true }],
  ['a record where one was dropped', withMember('transform', 'dropped'), { record }],
  ['a success where it failed', failed, { record }],
  ['another message', failed, { error: { ...part(failed.expect.error), message: 'other' } }],
  ['another class', failed, { error: { ...part(failed.expect.error), class: 'java.lang.Error' } }],
  ['another class of Java', failedInJava, { error: { ...part(failedInJava.expect.error), class: 'java.lang.Error' } }],
  ['another stage of a config error', refused, { configError: { ...part(refused.expect.configError), at: 'never' } }],
  ['another message of a config error', refused, { configError: { ...part(refused.expect.configError), message: 'other' } }],
  ['other bytes', withMember('converter', 'bytes', ({ expect: { bytes } }) => bytes !== null), { bytes: 'eA==' }],
  ['no bytes', withMember('converter', 'bytes', ({ expect: { bytes } }) => bytes !== null), { bytes: null }],
  ['another number', read, { env: { ...part(read.expect.env), payload: 2 } }],
  ['another class of a number', read, { env: { ...part(read.expect.env), javaType: 'Short', schema: null } }],
  ['a Double in place of a Long', plain, { env: { ...plainEnv, payload: new JsonReal(`${plainEnv.payload}.0`) } }],
  ['an Integer in place of a Long', plain, { env: { ...plainEnv, javaType: 'Integer' } }],
  ['another message of a converter', withMember('converter', 'error'), { error: { class: 'x', message: 'y' } }],
  ['one key less', validated, { configs: otherKeys }],
  ['another error of a key', validated, { configs: [{ ...firstKey, errors: ['other'] }, ...otherKeys] }],
];

test.each(corruptions)('a case with %s is noticed', async (_what, vector, expectation) => {
  expect(await differenceOf(vector)).toBeUndefined();
  expect(await differenceOf({ ...vector, expect: expectation })).toBeTypeOf('string');
});
