import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OffsetFile } from '../../src/store/offset-file.ts';
import { openOffsetFile } from '../../src/store/offset-file-log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-offset-log-'));
  file = join(folder, 'offsets');
});
afterEach(() => rmSync(folder, { recursive: true }));

const partition = { filename: 'a.txt' };

test('offsets are saved under the key that Java wrote, and read again', async () => {
  await (await OffsetFile.open(file)).write([['["c",{"b":1,"a":2}]', '{"position":1}']]);
  const offsets = await openOffsetFile(file);
  const store = offsets.store('c', 0);
  expect(await lastValueFrom(store.load([{ a: 2, b: 1 }, partition]))).toEqual([{ position: 1 }, null]);
  await lastValueFrom(
    store.save([
      { partition: { a: 2, b: 1 }, offset: { position: 2 } },
      { partition, offset: { position: 3 } },
    ]),
    {
      defaultValue: undefined,
    },
  );
  expect((await OffsetFile.open(file)).entries).toEqual([
    ['["c",{"b":1,"a":2}]', '{"position":2}'],
    ['["c",{"filename":"a.txt"}]', '{"position":3}'],
  ]);
  expect(await (await openOffsetFile(file)).list('c')).toHaveLength(2);
});

test('a reset partition is no longer listed', async () => {
  const offsets = await openOffsetFile(file);
  await offsets.alter('c', [{ partition, offset: { position: 3 } }]);
  await offsets.alter('c', [{ partition, offset: null }]);
  expect(await (await openOffsetFile(file)).list('c')).toEqual([]);
});

test('saves at the same time keep each other', async () => {
  const offsets = await openOffsetFile(file);
  const save = (connector: string, position: unknown) => offsets.alter(connector, [{ partition, offset: { position } }]);
  await Promise.all([save('a', 1), save('c', 3), save('a', 4)]);
  const again = await openOffsetFile(file);
  expect([await again.list('a'), await again.list('c')]).toEqual([
    [{ partition, offset: { position: 4 } }],
    [{ partition, offset: { position: 3 } }],
  ]);
});
