/**
 * Packs the package, installs the tarball into an empty folder and uses it there as a stranger would: imports every export, typechecks a
 * consumer against the shipped declarations and runs the command. Run with `npm run test:package`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportsOf } from './exports-of.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
const consumer = join(folder, 'consumer');

try {
  const { filename, files } = step('pack', pack);
  step('holds only what is built', () => onlyBuilt(files));
  step('install', () => install(filename));
  const names = exportsOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports, files);
  step(`import ${names.length} exports`, () => node('import-all.js', `for (const name of ${JSON.stringify(names)}) await import(name);`));
  step('typecheck a consumer', () => typecheck(names));
  step('sluice version', () => sluice('version'));
  step('sluice run pipeline.ts', runPipeline);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function step<T>(title: string, act: () => T): T {
  const start = performance.now();
  const result = act();
  console.log(`ok ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

const node = (file: string, text: string): string => {
  writeFileSync(join(consumer, file), text);
  return run('node', [file], consumer);
};
const sluice = (...args: readonly string[]): string => run('npx', ['--no-install', 'sluice', ...args], consumer);

function pack(): { filename: string; files: readonly string[] } {
  run('npm', ['run', 'build'], root);
  const answer = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [packed] = Object.values(JSON.parse(answer) as Record<string, { filename: string; files: { path: string }[] }>);
  if (packed === undefined) throw new Error(`npm pack answered ${answer}`);
  return { filename: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

function onlyBuilt(files: readonly string[]): void {
  const strangers = files.filter(
    (path) => !/^(dist\/(src|operators|connectors)\/.*\.(js|d\.ts|html|css|svg)|package\.json|README\.md|LICENSE)$/.test(path),
  );
  if (strangers.length > 0) throw new Error(`the tarball holds ${strangers.join(', ')}`);
}

function install(tarball: string): void {
  cpSync(join(root, 'test/package/consumer'), consumer, { recursive: true });
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }\n');
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball, 'rxjs'], consumer);
}

function typecheck(names: readonly string[]): void {
  const imports = names.filter((name) => name !== 'sluice/package.json').map((name, i) => `import * as e${i} from '${name}';\nvoid e${i};`);
  writeFileSync(join(consumer, 'every-export.ts'), `${imports.join('\n')}\n`);
  run('node', [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.', '--typeRoots', join(root, 'node_modules/@types')], consumer);
}

function runPipeline(): void {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}\n`).join('');
  writeFileSync(join(consumer, 'in.txt'), lines);
  sluice('run', 'pipeline.ts');
  const written = readFileSync(join(consumer, 'out.txt'), 'utf8');
  if (written !== lines.toUpperCase())
    throw new Error(`the pipeline wrote ${written.length} characters that differ from what it should write`);
}
