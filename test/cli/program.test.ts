import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

function sluice(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--conditions=source', main, ...args], { encoding: 'utf8' });
}

test('version names Sluice and Node.js', () => {
  expect(sluice('version')).toEqual(
    expect.objectContaining({ status: 0, stderr: '', stdout: `sluice 0.1.0 (Node.js ${process.version})\n` }),
  );
});

test('help goes to stdout and ends with 0', () => {
  const { status, stdout } = sluice('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('version');
});

test('an unknown command ends with 2 and says where help is', () => {
  expect(sluice('vresion')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: "error: unknown command 'vresion'\n(Did you mean version?)\n(sluice --help shows what there is)\n",
  });
});
