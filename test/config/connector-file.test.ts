import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isConnectorFile, readConnectorFile, refuseSameNames } from '../../src/config/connector-file.ts';
import { parseKeepingNumbers } from '../../src/config/flat-json.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-connector-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (content: string | Buffer) => {
  const file = join(folder, 'connector');
  writeFileSync(file, content);
  return readConnectorFile(file);
};

test('properties are read as ISO 8859-1', async () => {
  expect(await read(Buffer.from('name=a\nfile=\xe9\\u20ac\n', 'latin1'))).toMatchObject({
    name: 'a',
    config: { name: 'a', file: 'é€' },
    initialState: undefined,
  });
});

test('a flat JSON object keeps the text of its numbers and is read as UTF-8', async () => {
  expect((await read('{"name":"a","tasks.max":1.50,"b":true,"c":null,"d":"é","e":1e3}')).config).toEqual({
    name: 'a',
    'tasks.max': '1.50',
    b: 'true',
    c: null,
    d: 'é',
    e: '1e3',
  });
});

test('the document of a POST gives name, config and initial state; other members are ignored', async () => {
  expect(await read('{"name":"a","config":{"file":"x"},"initial_state":"paused","tasks":[]}')).toMatchObject({
    name: 'a',
    config: { name: 'a', file: 'x' },
    initialState: 'PAUSED',
  });
});

test.each([
  ['[{}]', /looks like JSON, but cannot be used: the document has to be an object of strings/],
  ['{"name":', /looks like JSON, but cannot be used: /],
  ['{"name":"a","config":{"name":"b"}}', /name is a, but config\.name is b\. Write /],
  ['{"name":"a","x":{"y":1}}', /the document\.x has to be a string, but it is an object/],
  ['{"name":"a","config":{"x":[1]}}', /config\.x has to be a string, but it is an array/],
  ['{"name":"a","config":{},"initial_state":"off"}', /initial_state has to be one of RUNNING, PAUSED, STOPPED, but it is off/],
  ['{"connector.class":"x"}', /connector has no name\. Add the key name\./],
  ['connector.class=x', /connector has no name\. Add the key name\./],
  ['name=a\nb=\\u12', /is not well formed: Malformed \\uxxxx encoding\. Correct the file\./],
])('%j is refused, naming file and reason', async (content, message) => {
  await expect(read(content)).rejects.toThrow(message);
});

test('a missing file and a folder are named', async () => {
  const missing = join(folder, 'none');
  await expect(readConnectorFile(missing)).rejects.toThrow(`The connector file ${missing} cannot be read: there is no such file.`);
  await expect(readConnectorFile(folder)).rejects.toThrow(`The connector file ${folder} cannot be read: it is a folder.`);
});

test('two files of one name are refused, naming both', async () => {
  const [a, b] = ['a.properties', 'b.properties'].map((name) => join(folder, name));
  for (const file of [a, b]) writeFileSync(String(file), 'name=same\n');
  const connectors = await Promise.all([a, b].map((file) => readConnectorFile(String(file))));
  expect(() => refuseSameNames(connectors)).toThrow(`Two connector files have name=same: ${a} and ${b}.`);
});

test('a document that nests without end is refused before anything walks it', () => {
  const nested = (levels: number) => `{"name":"}]","config":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  expect(() => parseKeepingNumbers(nested(1_000))).toThrow(new SyntaxError('The document is nested more than 1000 levels deep'));
  expect(() => parseKeepingNumbers(nested(100_000))).toThrow('nested more than 1000 levels');
  expect(parseKeepingNumbers(nested(999))).toMatchObject({ name: '}]' });
});

test.each([
  ['{', true],
  ['\n [', true],
  ['connector.class=x', true],
  ['  connector.class : x\\\n  y', true],
  ['a=\\\nconnector.class=x', false],
  ['#connector.class=x', false],
  ['listeners=http://:8083', false],
])('%j is a connector: %s', async (content, answer) => {
  const file = join(folder, 'connector');
  writeFileSync(file, content);
  expect(await isConnectorFile(file)).toBe(answer);
});

test('a file that is not there is no connector', async () => {
  expect(await isConnectorFile(join(folder, 'gone'))).toBe(false);
});
