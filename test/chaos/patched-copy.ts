import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One change to a source file that makes a bug. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Copies what runs of a checkout into a temporary folder and changes it there; fails when a text to replace is gone. */
export function patchedCopy(root: string, ...patches: readonly Patch[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'sluice-patched-'));
  for (const part of ['src', 'operators', 'connectors', 'test/chaos', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const patch of patches) apply(copy, patch);
  return copy;
}

function apply(copy: string, { file, find, replace }: Patch): void {
  const source = readFileSync(join(copy, file), 'utf8');
  if (source.split(find).length !== 2)
    throw new Error(`${file} holds ${JSON.stringify(find)} not exactly once: bring the patch up to date`);
  writeFileSync(
    join(copy, file),
    source.replace(find, () => replace),
  );
}
