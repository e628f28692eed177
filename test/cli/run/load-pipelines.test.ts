import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

test.each([
  ['in.properties', 'name=in\nconnector.class=FileStreamSource\ntasks.max=1\n'],
  ['in.conf', 'name=in\nconnector.class=FileStreamSource\ntasks.max=1\n'],
  ['in.json', '{"name":"in","connector.class":"FileStreamSource","tasks.max":1}'],
  ['request.json', '{"name":"in","config":{"connector.class":"FileStreamSource","tasks.max":1}}'],
])('the connector %s is read as a worker reads it', async (name, text) => {
  expect(await loadPipelines(written(name, text))).toEqual([{ name: 'in', 'connector.class': 'FileStreamSource', 'tasks.max': '1' }]);
});

test('JSON may hold a pipeline, or several', async () => {
  const document = { name: 'a', nodes: [] };
  expect(await loadPipelines(written('a.json', JSON.stringify(document)))).toEqual([document]);
  expect(await loadPipelines(written('a.json', JSON.stringify([document, document])))).toEqual([document, document]);
});

test.each([
  [
    'a.json',
    '{"name":"a"}',
    /a\.json is neither a connector \(it has no connector\.class\) nor a pipeline \(it has no nodes\)\. Write \{"name"/,
  ],
  ['a.json', '[{"name":"a"}]', /a\.json is neither a connector \(it has no connector\.class\) nor a pipeline/],
  ['a.json', '[]', /a\.json is neither a connector /],
  ['a.json', '3', /a\.json is neither a connector /],
  ['a.json', '{"name":', /a\.json looks like JSON, but cannot be used: /],
  ['a.json', '{"connector.class":"FileStreamSource"}', /a\.json has no name\. Add the key name\./],
  ['a.properties', 'connector.class=FileStreamSource', /a\.properties has no name\. Add the key name\./],
  ['a.properties', 'name=a', /a\.properties is neither a connector \(it has no connector\.class\)/],
])('%s with %s is refused', async (name, text, message) => {
  await expect(loadPipelines(written(name, text))).rejects.toThrow(message);
});

test.each(['bootstrap.servers=localhost:9092', 'listeners=http://:8083', 'offset.storage.file.filename=/tmp/offsets', 'plugin.path=/x'])(
  'the settings of a worker are known by %s, and the command that takes them is named',
  async (line) => {
    const file = written('worker.properties', `${line}\n`);
    await expect(loadPipelines(file)).rejects.toThrow(
      `${file} holds the settings of a worker, and sluice run has none. Run: sluice standalone ${file} CONNECTOR_FILE…`,
    );
  },
);

test.each([
  ['a.json', '{"name":"a","connector.class":"FileStreamSource","file":"x${env:SECRET}"}'],
  ['a.mjs', 'export default { name: "a", "connector.class": "FileStreamSource", file: "x${env:SECRET}" };'],
])('%s that refers to a config provider is refused: it would be taken literally', async (name, text) => {
  const file = written(name, text);
  await expect(loadPipelines(file)).rejects.toThrow(
    `${file} refers to a config provider (file: \${env:SECRET}), and sluice run has none. Write the value itself, or let a worker look it up: sluice standalone WORKER.properties ${file}, with config.providers in WORKER.properties.`,
  );
});

test('what only a worker does is told', async () => {
  const told: string[] = [];
  const config = { 'connector.class': 'FileStreamSource', 'restart.policy': 'on-failure', 'task.isolation': 'dedicated' };
  const file = written('a.json', JSON.stringify({ name: 'a', config, initial_state: 'STOPPED' }));
  await loadPipelines(file, (sentence) => told.push(sentence));
  expect(told).toEqual([
    `${file}: restart.policy=on-failure has no effect here: a task that fails ends sluice run. A worker starts it again: sluice standalone`,
    `${file}: task.isolation=dedicated has no effect here: all tasks of sluice run share a thread. A worker gives it one: sluice standalone`,
    `${file}: initial_state=STOPPED has no effect here: sluice run starts what it is given. A worker keeps it: sluice standalone`,
  ]);
  told.length = 0;
  await loadPipelines(written('b.json', '{"name":"b","connector.class":"x","restart.policy":"never"}'), (sentence) => told.push(sentence));
  expect(told).toEqual([]);
});

test('a folder is no pipeline', async () => {
  for (const name of ['dir.ts', 'dir.json']) {
    mkdirSync(join(folder, name));
    await expect(loadPipelines(join(folder, name))).rejects.toThrow(`${name} cannot be read: it is a folder. `);
  }
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
