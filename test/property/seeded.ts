import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One deliberate bug: a text of one source file and what replaces it. */
export interface SeededBug {
  readonly title: string;
  /** Path below `src/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const root = new URL('../..', import.meta.url).pathname;
const folders = ['record', 'errors', 'sdk', 'graph', 'schedule'];

/**
 * Copies the sources of the heart to a temporary folder, seeds one bug, and hands its `src` to `use`; removes it afterwards.
 *
 * Throws when the text to replace is not there exactly once: a bug that does not apply proves nothing.
 */
export async function withSeededBug<T>(bug: SeededBug, use: (src: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-seeded-'));
  try {
    writeFileSync(join(folder, 'package.json'), readFileSync(join(root, 'package.json')));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const name of folders) cpSync(join(root, 'src', name), join(folder, 'src', name), { recursive: true, force: true });
    seed(join(folder, 'src', bug.file), bug);
    return await use(join(folder, 'src'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function seed(path: string, { file, find, replace }: SeededBug): void {
  const text = readFileSync(path, 'utf8');
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} places that read: ${find}`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
}
