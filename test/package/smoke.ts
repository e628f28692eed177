/**
 * Packs the package, installs the tarball into an empty folder and uses it there as a stranger would: imports every export, typechecks a
 * consumer against the shipped declarations and runs the command. Run with `npm run test:package`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exportsOf } from './exports-of.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
const consumer = join(folder, 'consumer');
/** Everything runs on the Node.js of this process, the package's own command too. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };

try {
  const { filename, files } = await step('pack', pack);
  await step('holds only what is built and its pages', () => onlyBuilt(files));
  await step('the links of its pages lead to what it holds', () => linksLead(files));
  await step('install', () => install(filename));
  const names = exportsOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports, files);
  await step(`import ${names.length} exports`, () =>
    node('import-all.js', `for (const name of ${JSON.stringify(names)}) await import(name);`),
  );
  await step('typecheck a consumer', () => typecheck(names));
  await step('sluice version', () => sluice('version'));
  await step('a plugin of a path uses the modules of the command', usePlugin);
  await step('sluice run pipeline.ts', runPipeline);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function step<T>(title: string, act: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await act();
  console.log(`ok ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

function node(file: string, source: string): void {
  writeFileSync(join(consumer, file), source);
  run('node', [file], consumer);
}

function sluice(...args: readonly string[]): void {
  run('npx', ['--no-install', 'sluice', ...args], consumer);
}

function pack(): { filename: string; files: readonly string[] } {
  run('npm', ['run', 'build'], root);
  const answer = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [packed] = Object.values(JSON.parse(answer) as Record<string, { filename: string; files: { path: string }[] }>);
  if (packed === undefined) throw new Error(`npm pack answered ${answer}`);
  return { filename: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

function onlyBuilt(files: readonly string[]): void {
  const strangers = files.filter(
    (path) =>
      !/^(dist\/(src|operators|connectors)\/.*\.(js|d\.ts|html|css|svg)|dist\/app\/(.*\.js|THIRD-PARTY-LICENSES)|package\.json|LICENSE|(.*\/)?[A-Z-]+\.md)$/.test(
        path,
      ),
  );
  if (strangers.length > 0) throw new Error(`the tarball holds ${strangers.join(', ')}`);
}

function linksLead(files: readonly string[]): void {
  const dead = files
    .filter((path) => path.endsWith('.md'))
    .flatMap((page) => linksOf(page).map((target) => ({ page, target: normalize(join(dirname(page), target)) })))
    .filter(({ target }) => !files.includes(target));
  if (dead.length > 0) throw new Error(`dead links: ${dead.map(({ page, target }) => `${target} in ${page}`).join(', ')}`);
}

/** Links to files. */
function linksOf(page: string): readonly string[] {
  return Array.from(readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#:]+)\)/g), ([, path = '']) => path);
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

/** By name: what is joined into few files still has to export all that it did. */
function usePlugin(): void {
  const source = `import { NEVER, map, throttleTime } from 'rxjs';
import { concatMap } from 'rxjs/operators';
import { config, defineSource } from 'sluice/sdk';
export const acme = defineSource({ name: 'acme', summary: String([map, throttleTime, concatMap]), config: config({}), open: () => NEVER });
`;
  writeFileSync(join(consumer, 'acme.mjs'), source);
  sluice('plugins', 'acme', '--plugin-path', 'acme.mjs');
}

async function runPipeline(): Promise<void> {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}`);
  writeFileSync(join(consumer, 'in.txt'), `${lines.join('\n')}\n`);
  const expected = lines.map((line) => `*${line}*\n`).join('');
  const child = spawn('node', ['node_modules/.bin/sluice', 'run', 'pipeline.ts'], {
    cwd: consumer,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, ended] = [text(child.stderr), once(child, 'exit')];
  for (const end = Date.now() + 20_000; written() !== expected && child.exitCode === null && Date.now() < end; ) await sleep(50);
  child.kill('SIGINT');
  const [code] = await ended;
  if (written() !== expected || code !== 130) {
    throw new Error(`the pipeline wrote ${written().length} of ${expected.length} characters and ended with ${code}:\n${await said}`);
  }
}

function written(): string {
  const file = join(consumer, 'out.txt');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
