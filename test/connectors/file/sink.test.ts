import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileSink } from '../../../connectors/file/index.ts';
import { Decimal, JavaNumber, type Schema, stringSchema, type Value } from '../../../src/sdk/index.ts';
import { probeSink, type SinkProbe } from '../../../src/testing/probe-sink.ts';
import { record } from '../../../src/testing/records.ts';
import { diskTest, onSmallDisk } from '../../small-disk.ts';

let folder: string;
let file: string;
const open: SinkProbe[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-file-sink-'));
  file = join(folder, 'out.txt');
});
afterEach(async () => {
  for (const sink of open.splice(0)) await sink.close();
  rmSync(folder, { recursive: true, force: true });
});

async function probe(config: Record<string, unknown> = {}): Promise<SinkProbe> {
  const opened = await probeSink(fileSink, { config: { file, ...config } });
  open.push(opened);
  return opened;
}
const records = (...values: Value[]) => values.map((value) => record(value));
const content = (path = file) => readFileSync(path, 'utf8');
const kinds = (sink: SinkProbe) => [...sink.outcomes.values()].map(({ kind }) => kind);
/** What the task would fail with. */
const failureOf = (sink: SinkProbe): string => String(sink.failures[0] ?? 'nothing failed');

test('appends a line for each value, in order, and settles each when it is written', async () => {
  writeFileSync(file, 'before\n');
  const sink = await probe();
  sink.write(records('one', 'two'));
  sink.write(records('three'));
  await sink.settled();
  expect(content()).toBe('before\none\ntwo\nthree\n');
  expect(kinds(sink)).toEqual(['delivered', 'delivered', 'delivered']);
  expect(sink.failures).toEqual([]);
});

test('writes several topics into one file', async () => {
  const sink = await probe();
  sink.write([record('a', { topic: 't1' }), record('b', { topic: 't2' })]);
  await sink.settled();
  expect(content()).toBe('a\nb\n');
});

test('creates the file when it is opened', async () => {
  await probe();
  expect(content()).toBe('');
});

test('writes long lines and large batches whole', async () => {
  const sink = await probe();
  const values = Array.from({ length: 30_000 }, (_, i) => `line ${i} é`);
  for (let i = 0; i < values.length; i += 1000) sink.write(records(...values.slice(i, i + 1000)));
  sink.write(records('x'.repeat(5_000_000)));
  await sink.settled();
  expect(content()).toBe(`${values.join('\n')}\n${'x'.repeat(5_000_000)}\n`);
});

test('counts a record as delivered after fsync where that is asked for', async () => {
  const sink = await probe({ 'file.fsync': 'true' });
  sink.write(records('one'));
  await sink.settled();
  expect(content()).toBe('one\n');
});

test('begins a line of its own behind one that was torn by a kill', async () => {
  writeFileSync(file, 'whole\nto');
  const sink = await probe();
  sink.write(records('torn'));
  sink.write(records('next'));
  await sink.settled();
  expect(content()).toBe('whole\nto\ntorn\nnext\n');
  expect(sink.log.map(({ level }) => level)).toEqual(['warn']);
});

describe('text of values', () => {
  const schema = (type: Schema['type'], members: Partial<Schema> = {}): Schema => ({ ...stringSchema, type, ...members });
  const struct = schema('struct', {
    fields: [
      { name: 'a', index: 0, schema: schema('int32') },
      { name: 'none', index: 1, schema: schema('string', { optional: true }) },
      { name: 'b', index: 2, schema: schema('array', { valueSchema: schema('float64') }) },
    ],
  });
  test.each<[string, Value, Schema | null, string]>([
    ['a text as it is', 'a "b"', null, 'a "b"'],
    ['null', null, null, 'null'],
    ['a boolean', true, null, 'true'],
    ['an integer', 3, null, '3'],
    ['an integer beyond 2^53', 9223372036854775807n, null, '9223372036854775807'],
    ['a fraction', 0.1, null, '0.1'],
    ['an integral float64', 1, schema('float64'), '1.0'],
    ['a large float64', 12345678.9, schema('float64'), '1.23456789E7'],
    ['a small float64', 0.00012, schema('float64'), '1.2E-4'],
    ['a float32', Math.fround(0.1), schema('float32'), '0.1'],
    ['a special float64', Number.NEGATIVE_INFINITY, schema('float64'), '-Infinity'],
    ['a negative zero', -0, schema('float64'), '-0.0'],
    ['a Double without schema', new JavaNumber('Double', 1), null, '1.0'],
    ['a Byte without schema', new JavaNumber('Byte', 7), null, '7'],
    ['a decimal', new Decimal(-12345n, 3), null, '-12.345'],
    ['a decimal below one', new Decimal(5n, 3), null, '0.005'],
    ['a decimal with a negative scale', new Decimal(12n, -3), null, '1.2E+4'],
    ['a tiny decimal', new Decimal(5n, 8), null, '5E-8'],
    ['bytes as UTF-8', Buffer.from('é'), null, 'é'],
    ['a date', new Date(0), null, 'Thu Jan 01 00:00:00 UTC 1970'],
    ['a list', [1, 'a', null], null, '[1, a, null]'],
    ['a map', new Map<Value, Value>([['k', 1]]), null, '{k=1}'],
    ['a map without schema', { a: 1, b: { c: 'x' } }, null, '{a=1, b={c=x}}'],
    ['a struct, without its empty fields', { a: 1, none: null, b: [2] }, struct, 'Struct{a=1,b=[2.0]}'],
  ])('%s', async (_, value, valueSchema, text) => {
    const sink = await probe();
    sink.write([record(value, { valueSchema })]);
    await sink.settled();
    expect(content()).toBe(`${text}\n`);
  });
});

describe('bad targets', () => {
  test('a directory', async () => {
    await expect(probe({ file: folder })).rejects.toThrow(
      `The file sink cannot write to "${folder}" (config key file): EISDIR: illegal operation on a directory, open '${folder}'. Create the folder, name a file`,
    );
  });

  test('a missing folder', async () => {
    const path = join(folder, 'missing', 'out.txt');
    await expect(probe({ file: path })).rejects.toThrow(`The file sink cannot write to "${path}" (config key file): ENOENT`);
  });

  test('a full device: nothing is settled as delivered', async () => {
    const sink = await probe({ file: '/dev/full' });
    sink.write(records('one', 'two'));
    await sink.settled();
    expect(kinds(sink)).toEqual(['returned', 'returned']);
    expect(failureOf(sink)).toContain(
      'There is no space left for "/dev/full" (config key file): ENOSPC: no space left on device, write. Free space',
    );
  });

  test('a file the user may not write or read', () => {
    writeFileSync(file, 'x\n', { mode: 0o000 });
    const answers = JSON.parse(asNobody(file));
    expect(answers.sink).toContain(`The file sink cannot write to "${file}" (config key file): EACCES: permission denied`);
    expect(answers.source).toContain(`The file source may not read "${file}" (config key file): EACCES: permission denied`);
    expect(answers.source).toContain('Give the user that runs Sluice read permission');
  });

  diskTest('a full disk: a part of a batch that fitted is taken back, and written again once there is room', async () => {
    await onFullDisk(async (disk) => {
      const path = join(disk, 'out.txt');
      const sink = await probe({ file: path });
      sink.write(records('fits'));
      await sink.settled();
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(statSync(disk).blksize * 8));
      const big = records(...Array.from({ length: 3_000 }, (_, i) => `line ${i} ${'x'.repeat(20)}`));
      sink.write(big);
      await sink.settled();
      expect(kinds(sink)).toEqual(['delivered', ...big.map(() => 'returned')]);
      expect(failureOf(sink)).toContain(`There is no space left for "${path}" (config key file): ENOSPC`);
      expect(content(path)).toBe('fits\n');
      rmSync(join(disk, 'ballast'));
      sink.write(records('after'));
      await sink.settled();
      expect(content(path)).toBe('fits\nafter\n');
      await sink.close();
      open.length = 0;
    });
  });

  diskTest('a part of a failed write that another process has written behind stays, and the next line begins anew', async () => {
    await onFullDisk(async (disk) => {
      const path = join(disk, 'out.txt');
      const sink = await probe({ file: path });
      appendFileSync(path, 'theirs\n');
      sink.write(records(...Array.from({ length: 5_000 }, () => 'x'.repeat(30))));
      await sink.settled();
      expect(sink.log.map(({ level }) => level)).toEqual(['warn']);
      const torn = content(path);
      expect(torn.endsWith('\n')).toBe(false);
      spawnSync('mount', ['-o', 'remount,size=1m', disk]);
      sink.write(records('after'));
      await sink.settled();
      expect(content(path)).toBe(`${torn}\nafter\n`);
      await sink.close();
      open.length = 0;
    });
  });

  test('standard output that nobody reads', async () => {
    const child = spawn(process.execPath, ['--conditions=source', join(import.meta.dirname, 'write-to-stdout.ts')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(said).toContain('failed: SluiceError: Nobody reads standard output any more: write EPIPE. Keep the reading end open');
  });

  test('standard output that is read', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', join(import.meta.dirname, 'write-to-stdout.ts')], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'one\ntwo\n', stderr: 'delivered\n' });
  });
});

/** Opens the file as source and as sink under a user that owns nothing, and gives what they said. */
function asNobody(path: string): string {
  spawnSync('chmod', ['755', folder]);
  const script = join(import.meta.dirname, 'open-as-nobody.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', script, path], { encoding: 'utf8' });
  return stdout === '' ? JSON.stringify({ sink: stderr, source: stderr }) : stdout;
}

/** A disk of 64 KiB. */
const onFullDisk = (body: (disk: string) => Promise<void>): Promise<void> => onSmallDisk(folder, '64k', body);
