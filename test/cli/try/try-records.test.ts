import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecord } from '../../../src/cli/try/read-record.ts';
import { recordJson } from '../../../src/cli/try/record-json.ts';
import { tryRecords } from '../../../src/cli/try/try-records.ts';
import { exclaimOperator, PluginFolder } from '../../plugins/plugin-folder.ts';

const prefix = 'org.apache.kafka.connect.transforms.';
const sink = {
  name: 's',
  'connector.class': 'FileStreamSink',
  topics: 'orders,x',
  transforms: 'cast,mask,route,drop',
  'transforms.cast.type': `${prefix}Cast$Value`,
  'transforms.cast.spec': 'id:int32',
  'transforms.mask.type': `${prefix}MaskField$Value`,
  'transforms.mask.fields': 'ssn',
  'transforms.route.type': `${prefix}RegexRouter`,
  'transforms.route.regex': '(.*)',
  'transforms.route.replacement': 'eu-$1',
  'transforms.drop.type': `${prefix}Filter`,
  'transforms.drop.predicate': 'marked',
  predicates: 'marked',
  'predicates.marked.type': `${prefix}predicates.HasHeaderKey`,
  'predicates.marked.name': 'skip',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-try-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function tried(
  config: object,
  lines: readonly string[],
  options: { readonly json?: boolean; readonly topic?: string; readonly pluginPath?: string } = {},
) {
  const file = join(folder, 'connector.json');
  writeFileSync(file, JSON.stringify(config));
  const out = new PassThrough();
  const code = await tryRecords(file, { json: false, ...options, input: Readable.from(lines.map((line) => `${line}\n`)), out });
  return { code, text: String(out.read() ?? '') };
}

test('shows what the chain changed in a record, part by part', async () => {
  expect(await tried(sink, ['{"id":1,"ssn":"123","n":{"a":1.0}}'])).toEqual({
    code: 0,
    text: [
      'line 1  changed',
      '  ~ topic      "orders" → "eu-orders"',
      '  ~ value.id   1 (int64) → 1 (int32)',
      '  ~ value.ssn  "123" → ""',
      '',
    ].join('\n'),
  });
});

test('names the transform that failed, and ends with 1; the other records are tried', async () => {
  expect(await tried(sink, ['{"id":"x"}', '{"value":{"id":2},"headers":{"skip":"1"}}', '', '{bad'])).toEqual({
    code: 1,
    text: [
      'line 1  failed at transforms.cast: Value (x) was out of range for requested data type (DataException)',
      'line 2  dropped',
      'line 4  unreadable: Expected a member name at position 1',
      '',
    ].join('\n'),
  });
});

test('prints an object per record for machines, in the form of the input', async () => {
  const lines = ['{"id":1.0}', '{"id":"x"}', '{"value":{"id":2},"headers":{"skip":"1"}}', '[1'];
  const { text } = await tried(sink, lines, { json: true, topic: 't' });
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      line: 1,
      result: 'changed',
      record: { topic: 'eu-t', partition: 0, timestamp: null, offset: 0, key: null, value: { id: 1, ssn: null }, headers: [] },
    },
    {
      line: 2,
      result: 'failed',
      error: {
        transform: 'transforms.cast',
        class: 'org.apache.kafka.connect.errors.DataException',
        message: 'Value (x) was out of range for requested data type',
      },
    },
    { line: 3, result: 'dropped' },
    { line: 4, result: 'unreadable', error: { message: 'Expected a comma or the end of the array at position 2' } },
  ]);
});

test('refuses a chain that cannot be built, in the words of Connect', async () => {
  const broken = { ...sink, 'transforms.cast.spec': 'id:int9' };
  await expect(tried(broken, [])).rejects.toThrow(
    /^The transforms of .*connector\.json cannot be built: Invalid value .*INT9 for configuration Invalid type found in casting spec: int9\. Correct/,
  );
});

test('tries transforms of your own, and says how to name them where they are not found', async () => {
  const plugins = new PluginFolder();
  try {
    const path = plugins.write('acme/index.mjs', exclaimOperator);
    const own = { name: 'c', transforms: 'loud', 'transforms.loud.type': 'com.acme.Exclaim' };
    expect((await tried(own, ['"hey"'], { pluginPath: path })).text).toBe('line 1  changed\n  ~ value  "hey" → "hey!"\n');
    await expect(tried(own, [])).rejects.toThrow(
      /Class com\.acme\.Exclaim could not be found\. Correct the name \(sluice plugins shows all\), or say where the plugin is: --plugin-path PATHS$/,
    );
  } finally {
    plugins.remove();
  }
});

test.each(['transforms.mask', 'predicates.marked'])('refuses %s in a version that is not installed', async (path) => {
  const asking = (version: string) => tried({ ...sink, [`${path}.plugin.version`]: version }, ['{"id":1,"ssn":"2"}']);
  await expect(asking('[5,)')).rejects.toThrow(/not found that matches the version range \[5,\), available versions: \[4/);
  expect((await asking('[4,5)')).code).toBe(0);
});

test('takes the first topic of a sink, the topic of a source, else "try"', async () => {
  const route = {
    transforms: 'r',
    'transforms.r.type': `${prefix}RegexRouter`,
    'transforms.r.regex': 'z',
    'transforms.r.replacement': 'y',
  };
  const topicOf = async (config: object) =>
    JSON.parse((await tried({ name: 'c', ...route, ...config }, ['1'], { json: true })).text).record;
  expect(await topicOf({ 'connector.class': 'unknown.Sink', topics: 'a,b' })).toMatchObject({ topic: 'a', offset: 0, partition: 0 });
  expect(await topicOf({ 'connector.class': 'FileStreamSource', topic: 'lines' })).toMatchObject({ topic: 'lines', partition: null });
  expect(await topicOf({})).toMatchObject({ topic: 'try' });
});

const defaults = { topic: 't', consumed: false };

test.each([
  '{"topic":"a","partition":3,"timestamp":5,"key":"k","value":{"id":9007199254740993,"d":1.0},"headers":[{"key":"h","value":1},{"key":"h","value":2}]}',
  '{"topic":"a","partition":null,"timestamp":null,"key":null,"value":{"schema":{"type":"int64","optional":false},"payload":9007199254740993},"headers":[]}',
  '{"topic":"a","partition":null,"timestamp":null,"key":null,"value":{"__proto__":1,"constructor":{"x":[true,null]}},"headers":[]}',
])('what is printed reads as the same record: %s', (line) => {
  expect(recordJson(readRecord(line, defaults, 0))).toBe(line);
});

test('an object with other members than those of a record is a value', () => {
  expect(readRecord('{"value":1,"unit":"m"}', defaults, 0)).toMatchObject({ topic: 't', value: { value: 1, unit: 'm' }, key: null });
  expect(readRecord('{"key":1}', defaults, 0)).toMatchObject({ value: { key: 1 }, key: null });
  expect(readRecord('{"value":{"key":1}}', defaults, 0)).toMatchObject({ value: { key: 1 }, key: null });
});

test.each([
  ['{"value":1,"topic":2}', 'topic is no text'],
  ['{"value":1,"partition":1.5}', 'partition is no whole number'],
  ['{"value":1,"headers":3}', 'headers is neither an object nor a list'],
  ['{"value":1,"headers":[{"value":1}]}', 'A header has no key'],
  ['{"value":{"schema":{"type":"nope"},"payload":1}}', 'Unknown schema type: nope'],
])('%s is refused: %s', (line, message) => {
  expect(() => readRecord(line, defaults, 0)).toThrow(message);
});
