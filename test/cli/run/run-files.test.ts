import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exclaimOperator } from '../../plugins/plugin-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const shout = join(root, 'test/examples/shout.ts');
let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts `sluice run` in the test's folder; `said` is its standard error so far. */
function start(...args: readonly string[]): { said: () => string; end: (signal?: NodeJS.Signals) => Promise<unknown[]> } {
  const running = spawn(process.execPath, ['--conditions=source', join(root, 'src/cli/main.js'), 'run', ...args], {
    cwd: folder,
    stdio: 'pipe',
  });
  child = running;
  let said = '';
  running.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(running, 'exit');
  return {
    said: () => said,
    end: (signal) => {
      if (signal !== undefined) running.kill(signal);
      return ended;
    },
  };
}

const path = (name: string): string => join(folder, name);
const written = (name: string): string => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '');
const arrives = (text: string, name = 'out.txt') => vi.waitFor(() => expect(written(name)).toBe(text), { timeout: 15_000, interval: 20 });

test('a pipeline runs until SIGINT, which drains and ends with 130; the next run goes on where it ended', async () => {
  writeFileSync(path('in.txt'), 'one\n\ntwo\n');
  const first = start(shout);
  await arrives('ONE\nTWO\n');
  expect(await first.end('SIGINT')).toEqual([130, null]);
  expect(first.said()).toContain('sluice: draining; once more to end at once\n');
  appendFileSync(path('in.txt'), 'three\n');
  const second = start(shout);
  await arrives('ONE\nTWO\nTHREE\n');
  expect(await second.end('SIGTERM')).toEqual([143, null]);
});

test('progress is told as JSON lines where standard error is no terminal', async () => {
  writeFileSync(path('in.txt'), 'a\n'.repeat(10));
  const { said, end } = start(shout);
  await vi.waitFor(() => expect(said()).toMatch(/^\{"progress":"shout","records":10,"perSecond":\d+\}\n$/), {
    timeout: 15_000,
    interval: 20,
  });
  await end('SIGINT');
});

test('a pipeline that fails ends the command with 1 and one line, after the others have drained', async () => {
  writeFileSync(path('in.txt'), 'one\n');
  const broken = join(root, 'test/cli/run/broken-pipeline.ts');
  const { said, end } = start(shout, broken);
  expect(await end()).toEqual([1, null]);
  expect(said()).toContain('sluice: The file sink cannot write to "no/such/folder/out.txt" (config key file)');
  expect(said()).not.toContain('    at ');
});

test('a connector without converters has those of a standalone worker, so that both write the same', async () => {
  writeFileSync(path('in.txt'), 'one\n');
  const source = { name: 'in', 'connector.class': 'FileStreamSource', file: 'in.txt', topic: 'lines' };
  writeFileSync(path('source.json'), JSON.stringify(source));
  const sink = { 'connector.class': 'FileStreamSink', file: 'out.txt', topics: 'lines', 'value.converter': 'String' };
  writeFileSync(path('sink.json'), JSON.stringify({ name: 'out', config: sink, initial_state: 'PAUSED' }));
  const { said, end } = start('source.json', 'sink.json');
  await arrives('{"schema":{"type":"string","optional":false},"payload":"one"}\n');
  await end('SIGINT');
  expect(said()).toContain('sink.json: initial_state=PAUSED has no effect here: ');
});

test('a connector may name a plugin of its own, from a package that is installed where the command runs', async () => {
  mkdirSync(path('node_modules/acme'), { recursive: true });
  writeFileSync(path('node_modules/acme/package.json'), '{"name":"acme","type":"module","exports":"./index.js"}');
  writeFileSync(path('node_modules/acme/index.js'), exclaimOperator);
  writeFileSync(path('in.txt'), 'one\n');
  writeFileSync(path('copy.json'), JSON.stringify(copyWith('com.acme.Exclaim')));
  const { said, end } = start(shout, 'copy.json', '--plugin-path', 'acme,./gone.mjs');
  await arrives('one!\n', 'copy.txt');
  await end('SIGINT');
  expect(said()).toContain(`nothing to load at ${path('gone.mjs')} (--plugin-path): there is no such file or folder\n`);
});

test('a plugin that is not found is told with the option that names more', async () => {
  writeFileSync(path('copy.json'), JSON.stringify(copyWith('com.acme.Exclaim')));
  const { said, end } = start('copy.json');
  expect(await end()).toEqual([1, null]);
  expect(said()).toMatch(/There is no operator named com\.acme\.Exclaim\. .*--plugin-path/);
});

const copyWith = (operator: string) => ({
  name: 'copy',
  nodes: [
    { kind: 'source', name: 'in', plugin: 'file', config: { file: 'in.txt', topic: 'lines' } },
    { kind: 'operator', name: 'loud', plugin: operator },
    { kind: 'sink', name: 'out', plugin: 'file', config: { file: 'copy.txt' } },
  ],
});
