import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Only root can mount a disk, and not in every container; a CI that runs as root must be able to. */
const required = process.env['CI'] === 'true' && process.getuid?.() === 0;
let mountable: boolean | undefined;

/** A test that needs a small disk. Where none can be mounted it is skipped by name. */
export function diskTest(name: string, body: () => Promise<void>): void {
  mountable ??= required || canMount();
  if (mountable) test(name, body);
  else test.skipIf(true)(`${name} (skipped: mounting a small disk needs root)`, body);
}

/** A disk of its own below `folder`, in the notation of mount: `64k`, `8m`. */
export async function onSmallDisk(folder: string, size: string, body: (disk: string) => Promise<void>): Promise<void> {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const { status, stderr } = mount(disk, size);
  expect(status, stderr).toBe(0);
  try {
    await body(disk);
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
}

const mount = (at: string, size: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at], { encoding: 'utf8' });

function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'sluice-mount-'));
  const mounted = mount(at, '64k').status === 0;
  if (mounted) spawnSync('umount', ['-l', at]);
  rmSync(at, { recursive: true, force: true });
  return mounted;
}
