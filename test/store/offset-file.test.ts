import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OffsetEntry, OffsetFile } from '../../src/store/offset-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-offset-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry: OffsetEntry = ['["c",{"filename":"é.txt"}]', '{"position":7}'];

test('a file that is missing is empty, and what is written is there when it is opened again', async () => {
  const file = join(folder, 'offsets');
  const offsets = await OffsetFile.open(file);
  expect(offsets.entries).toEqual([]);
  await offsets.write([entry, ['["gone",{}]', null]]);
  expect((await OffsetFile.open(file)).entries).toEqual([entry, ['["gone",{}]', null]]);
});

test('nothing stays beside it, and the last of several writes wins', async () => {
  const offsets = await OffsetFile.open(join(folder, 'offsets'));
  await Promise.all([offsets.write([]), offsets.write([entry]), offsets.write([['["c",{}]', '{"position":8}']])]);
  expect((await OffsetFile.open(join(folder, 'offsets'))).entries).toEqual([['["c",{}]', '{"position":8}']]);
  expect(readdirSync(folder)).toEqual(['offsets']);
});

test('an empty file is empty; another content is an error that names file and key', async () => {
  const file = join(folder, 'offsets');
  writeFileSync(file, '');
  expect((await OffsetFile.open(file)).entries).toEqual([]);
  writeFileSync(file, 'position=7\n');
  await expect(OffsetFile.open(file)).rejects.toThrow(
    `The offset file ${file} (offset.storage.file.filename) cannot be used: it is not a serialised java.util.HashMap.`,
  );
});

test('a folder that is not there is an error when it is opened, not at each write', async () => {
  const file = join(folder, 'missing', 'offsets');
  await expect(OffsetFile.open(file)).rejects.toThrow(
    `The offset file ${file} (offset.storage.file.filename) cannot be written to its folder: ENOENT`,
  );
});

test('a write that fails says so, and a later one succeeds', async () => {
  const file = join(folder, 'later', 'offsets');
  mkdirSync(join(folder, 'later'));
  const offsets = await OffsetFile.open(file);
  rmSync(join(folder, 'later'), { recursive: true });
  await expect(offsets.write([entry])).rejects.toMatchObject({ code: 'STORE_OFFSET_FILE_WRITE', retriable: true });
  mkdirSync(join(folder, 'later'));
  await offsets.write([entry]);
  expect((await OffsetFile.open(file)).entries).toEqual([entry]);
});
