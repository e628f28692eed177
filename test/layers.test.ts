import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const run = promisify(execFile);

interface Summary {
  readonly totalCruised: number;
  readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { readonly name: string } }[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-layers-'));
  await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
});
afterAll(() => rm(folder, { recursive: true }));

async function cruise(cwd: string, ...paths: readonly string[]): Promise<Summary> {
  const args = [depcruise, '--config', join(root, 'test/layers.cjs'), '--output-type', 'json', ...paths];
  const { stdout } = await run(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  return (JSON.parse(stdout) as { summary: Summary }).summary;
}

async function source(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

test('the rules see the modules of the project', async () => {
  const { totalCruised } = await cruise(root, 'src/record', 'src/sdk');
  expect(totalCruised).toBeGreaterThan(10);
});

test('an import against the layers is reported with its rule', async () => {
  await source('src/kafka/driver.ts', 'export const port = 1;\n');
  await source('src/graph/compile.ts', "export { port } from '../kafka/driver.ts';\n");
  await source('src/schedule/clock.ts', "export { setTimeout } from 'node:timers';\n");
  const { violations } = await cruise(folder, 'src');
  expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`).sort()).toEqual([
    'graph: src/graph/compile.ts → src/kafka/driver.ts',
    'pure: src/schedule/clock.ts → timers',
  ]);
});
