import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli/', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-guard-'));
  mkdirSync(join(folder, 'src/cli'), { recursive: true });
  for (const file of ['main.js', 'require-node.js']) cpSync(join(cli, file), join(folder, 'src/cli', file));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'src/cli/start.ts'), "console.log('started');");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the entry of the copied checkout as a Node.js that says it is of that version. */
function entry(version: string): { status: number | null; stdout: string; stderr: string } {
  const pretend = `Object.defineProperties(process, { version: { value: 'v${version}' }, versions: { value: { node: '${version}' } } })`;
  return spawnSync(process.execPath, ['--import', `data:text/javascript,${pretend}`, join(folder, 'src/cli/main.js')], {
    encoding: 'utf8',
  });
}

test.each(['22.18.0', '24.0.0', '26.1.0'])('Node.js %s starts', (version) => {
  expect(entry(version)).toMatchObject({ status: 0, stdout: 'started\n' });
});

test.each(['12.22.0', '20.20.2', '22.17.1'])('Node.js %s ends with one line that says what to install', (version) => {
  expect(entry(version)).toMatchObject({
    status: 1,
    stdout: '',
    stderr:
      `sluice: Node.js 22.18 or newer is needed, this is v${version}. ` +
      'Install a newer one (https://nodejs.org), or run: npx -p node@24 -p sluice sluice …\n',
  });
});

test('in a checkout whose install scripts did not run the remedy is to run them', () => {
  writeFileSync(join(folder, 'tsconfig.json'), '{}');
  expect(entry('20.20.2').stderr).toContain('Run: npm rebuild node\n');
});

test('in a checkout that has its own Node.js the remedy is to go through npm', () => {
  writeFileSync(join(folder, 'tsconfig.json'), '{}');
  mkdirSync(join(folder, 'node_modules/node/bin'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/node/bin/node'), '');
  expect(entry('20.20.2').stderr).toContain('npm run sluice -- …\n');
});

test.each(['main.js', 'require-node.js'])('%s holds no syntax that Node.js 12 cannot read', (file) => {
  const source = readFileSync(join(cli, file), 'utf8');
  const print = (target: ts.ScriptTarget) =>
    ts.transpileModule(source, { compilerOptions: { target, module: ts.ModuleKind.ESNext } }).outputText;
  expect(print(ts.ScriptTarget.ES2019)).toBe(print(ts.ScriptTarget.ESNext));
});
