import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualTimeScheduler } from 'rxjs';
import { afterAll, expect, test } from 'vitest';
import { Wakeup } from '../../../connectors/file/wakeup.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-wakeup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Moments (ms of virtual time) at which waits end that nothing but time ends. */
async function looks(wakeup: Wakeup, time: VirtualTimeScheduler, count: number): Promise<number[]> {
  const moments: number[] = [];
  for (let i = 0; i < count; i++) {
    const waited = wakeup.wait();
    time.flush();
    await waited;
    moments.push(time.now());
  }
  return moments;
}

test('a file that is watched and left alone is looked at more and more seldom, until something happens', async () => {
  const file = join(folder, 'quiet.txt');
  writeFileSync(file, '');
  const time = new VirtualTimeScheduler();
  const wakeup = new Wakeup(file, time);
  wakeup.listen();
  await wakeup.wait(); // what happened before is not told
  expect(await looks(wakeup, time, 8)).toEqual([100, 300, 700, 1_500, 3_100, 6_300, 12_700, 22_700]);
  wakeup.lookOften();
  expect(await looks(wakeup, time, 2)).toEqual([22_800, 23_000]);
  wakeup.close();
});

test('a file of which the system did not tell a change is looked at every second at least', async () => {
  const file = join(folder, 'foreign.txt');
  writeFileSync(file, '');
  const time = new VirtualTimeScheduler();
  const wakeup = new Wakeup(file, time);
  wakeup.listen();
  await wakeup.wait(); // what happened before is not told
  wakeup.missed();
  expect(await looks(wakeup, time, 6)).toEqual([100, 300, 700, 1_500, 2_500, 3_500]);
  wakeup.close();
});

test('where nothing can tell of a change it is looked for ten times a second', async () => {
  const time = new VirtualTimeScheduler();
  const wakeup = new Wakeup(join(folder, 'missing.txt'), time);
  wakeup.listen();
  expect(await looks(wakeup, time, 3)).toEqual([100, 200, 300]);
  wakeup.close();
});
