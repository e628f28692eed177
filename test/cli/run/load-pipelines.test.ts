import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadPipelines } from '../../../src/cli/run/load-pipelines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-load-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function moduleOf(text: string): string {
  const file = join(folder, 'pipeline.mjs');
  writeFileSync(file, text);
  return file;
}

const one = "{ graph: { name: 'a', nodes: [] }, toSpec() {} }";

test('one pipeline and an array of them are both fine', async () => {
  expect(await loadPipelines(moduleOf(`export default ${one};`))).toMatchObject([{ graph: { name: 'a' } }]);
  const second = join(folder, 'two.mjs');
  writeFileSync(second, `export default [${one}, ${one}];`);
  expect(await loadPipelines(second)).toHaveLength(2);
});

test('a connector may be written as properties', async () => {
  const file = join(folder, 'in.properties');
  writeFileSync(file, 'name=in\nconnector.class=FileStreamSource\n');
  expect(await loadPipelines(file)).toEqual([{ name: 'in', 'connector.class': 'FileStreamSource' }]);
  writeFileSync(file, 'bootstrap.servers=localhost:9092\n');
  await expect(loadPipelines(file)).rejects.toThrow(`The connector file ${file} has no name.`);
});

test('a file that is not there is told by name', async () => {
  await expect(loadPipelines('gone.ts')).rejects.toThrow('There is no file gone.ts. Give the path of a module');
});

test.each([
  ['', 'missing'],
  ['export default 1;', 'a number'],
  ['export default [];', 'an empty array'],
  [`export default [${one}, 1];`, 'an array that holds something else'],
  ['export default { pipe() {}, to() {} };', 'a pipeline that has no sink yet'],
])('a module with %j says what it found instead of a pipeline', async (text, found) => {
  await expect(loadPipelines(moduleOf(text))).rejects.toThrow(`is not a pipeline (it is ${found}).`);
});

test('a package that is not installed and a module that throws are told apart', async () => {
  await expect(loadPipelines(moduleOf("import 'no-such-package';"))).rejects.toThrow('Run there: npm install no-such-package');
  const broken = join(folder, 'broken.mjs');
  writeFileSync(broken, "throw new Error('no luck');");
  await expect(loadPipelines(broken)).rejects.toMatchObject({
    code: 'CLI_PIPELINE_FILE_BROKEN',
    message: expect.stringContaining('no luck'),
  });
});
