import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sluice = ['--conditions=source', join(root, 'src/cli/main.js')];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-quickstart-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [...sluice, ...args], { cwd: folder, encoding: 'utf8', timeout: 60_000 });

test('carries generated lines through a topic, proves both files equal and leaves nothing behind', () => {
  const { status, stdout } = run('quickstart', '--lines', '3_000');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^input {12}3,000 lines, 297\.\d kB: /);
  expect(stdout).toMatch(/^file → topic {5}[\d.]+ s, [\d,]+ records\/s, [\d.]+ .B\/s, [\d.]+ CPU seconds per million records$/m);
  const [, before, after] = /sha256 +([0-9a-f]{64}) .*\n +([0-9a-f]{64}) /.exec(stdout) ?? [];
  expect(before).toBe(after);
  expect(stdout).toContain('equal: every line arrived once, in order');
  expect(existsSync(path('.sluice/quickstart'))).toBe(false);
});

test('with --keep the commands that it names work', () => {
  const { stdout } = run('quickstart', '--lines', '20', '--keep');
  const [, options = ''] = /sluice -- (topics read quickstart .+)\n/.exec(stdout) ?? [];
  const records = run(...options.split(' ')).stdout;
  expect(records).toBe(readFileSync(path('.sluice/quickstart/in.txt'), 'utf8').split('\n').slice(10, 13).join('\n').concat('\n'));
  expect(JSON.parse(readFileSync(path('.sluice/quickstart/source.json'), 'utf8'))).toMatchObject({
    'connector.class': expect.stringContaining('FileStreamSource'),
  });
  expect(run('plugins', 'FileStreamSource').status).toBe(0);
  expect(run('quickstart', '--lines', '20').status).toBe(0);
});

test("a file of one's own is compared as the lines of text that it means, and stays as it is", () => {
  const input = Buffer.concat([Buffer.from('a\r\nb'), Buffer.of(0xff), Buffer.from('\nno end')]);
  writeFileSync(path('mine.txt'), input);
  const { status, stdout } = run('quickstart', '--file', 'mine.txt', '--keep');
  expect(status).toBe(0);
  expect(stdout).toContain('the last 6 B have no line end yet');
  expect(stdout).toContain('compared as the lines of text that they mean');
  expect(readFileSync(path('.sluice/quickstart/out.txt'), 'utf8')).toBe('a\nb\ufffd\n');
  expect(readFileSync(path('mine.txt'))).toEqual(input);
});

test('a missing file, one without a line and a folder of something else are errors that say what to do', () => {
  expect(run('quickstart', '--file', 'gone.txt')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is no file gone.txt (--file).'),
  });
  mkdirSync(path('folder'));
  expect(run('quickstart', '--file', 'folder')).toMatchObject({
    status: 1,
    stderr:
      'sluice: folder (--file) cannot be read: it is a folder. Name a file that this user may read, or leave --file out to have one generated. [CLI_INPUT_UNREADABLE]\n',
  });
  writeFileSync(path('empty.txt'), 'no end');
  expect(run('quickstart', '--file', 'empty.txt').stderr).toContain('empty.txt (--file) holds no complete line.');
  expect(run('quickstart', '--data', 'empty.txt')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^sluice: Data folder empty\.txt cannot be used: .+\[KAFKA_STORE_FOLDER\]\n$/),
  });
  mkdirSync(path('quickstart'));
  writeFileSync(path('quickstart/precious'), '');
  expect(run('quickstart', '--data', '.').stderr).toContain('no quickstart made it.');
  expect(existsSync(path('quickstart/precious'))).toBe(true);
});

test('a signal ends it early with its own code and leaves nothing behind', async () => {
  const child = spawn(process.execPath, [...sluice, 'quickstart', '--lines', '2_000_000'], { cwd: folder, stdio: 'ignore' });
  await vi.waitFor(() => expect(existsSync(path('.sluice/quickstart/broker.db'))).toBe(true), { timeout: 20_000, interval: 10 });
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(existsSync(path('.sluice/quickstart'))).toBe(false);
});
