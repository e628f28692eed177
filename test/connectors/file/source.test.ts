import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileSource } from '../../../connectors/file/index.ts';
import { eventually } from '../../../src/testing/contract.ts';
import { type ProbeOptions, probeSource, type SourceProbe } from '../../../src/testing/probe-source.ts';

let folder: string;
let file: string;
const open: SourceProbe[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-file-source-'));
  file = join(folder, 'in.txt');
});
afterEach(() => {
  for (const probe of open.splice(0)) probe.close();
  rmSync(folder, { recursive: true, force: true });
});

function probe(config: Record<string, unknown> = {}, options: Partial<ProbeOptions> = {}): SourceProbe {
  const opened = probeSource(fileSource, { config: { file, topic: 't', ...config }, ...options });
  open.push(opened);
  return opened;
}
const at = (position: unknown): Partial<ProbeOptions> => ({ offsetOf: () => ({ position }) });
const lines = async (source: SourceProbe, count: number) => (await source.until(count)).map(({ record }) => record.value);
const errorOf = (source: SourceProbe) =>
  eventually('the source failed', () => typeof source.ended === 'object' && String(source.ended.error));

test('makes a record of each line: text value with a string schema, no key, the topic, the time', async () => {
  writeFileSync(file, 'first\nsecond\n');
  const before = Date.now();
  const source = probe();
  const [first, second] = await source.until(2);
  const { timestamp, valueSchema, ...rest } = first?.record ?? {};
  expect(rest).toEqual({ topic: 't', partition: null, keySchema: null, key: null, value: 'first', headers: [], offset: -1, origin: null });
  expect(valueSchema).toMatchObject({ type: 'string', optional: false });
  expect(timestamp).toBeGreaterThanOrEqual(before);
  expect(first).toMatchObject({ partition: { filename: file }, offset: { position: 6 } });
  expect(second).toMatchObject({ partition: { filename: file }, offset: { position: 13 } });
});

test('holds back a last line without newline until it is complete', async () => {
  writeFileSync(file, 'one\ntw');
  const source = probe();
  expect(await lines(source, 1)).toEqual(['one']);
  appendFileSync(file, 'o\nthree\n');
  expect(await lines(source, 3)).toEqual(['one', 'two', 'three']);
  expect(source.emitted.map(({ offset }) => offset)).toEqual([{ position: 4 }, { position: 8 }, { position: 14 }]);
});

test('goes on at the stored position', async () => {
  writeFileSync(file, 'one\ntwo\nthree\n');
  expect(await lines(probe({}, at(4)), 2)).toEqual(['two', 'three']);
});

test('emits at most batch.size records at once, and no more than there is room for (I4)', async () => {
  writeFileSync(file, 'x\n'.repeat(10));
  const source = probe({ 'batch.size': 3 }, { room: 5 });
  await source.until(5);
  expect(source.batches.map(({ records }) => records.length)).toEqual([3, 2]);
  source.allow(5);
  await source.until(10);
  expect(source.batches.map(({ records }) => records.length)).toEqual([3, 2, 3, 2]);
});

test('tells the bytes of a batch', async () => {
  writeFileSync(file, 'é\nxy\n');
  const source = probe();
  await source.until(2);
  expect(source.batches.map(({ bytes }) => bytes)).toEqual([6]);
});

test('follows a file that grows', async () => {
  writeFileSync(file, '');
  const source = probe();
  for (let i = 1; i <= 20; i++) {
    appendFileSync(file, `${i}\n`);
    await source.until(i);
  }
  expect(await lines(source, 20)).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
});

test('waits for a missing file and says so once', async () => {
  const source = probe();
  await eventually('it waits', () => source.log.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(source.log).toEqual([{ level: 'warn', message: `Couldn't find file ${file}: waiting for it to be created.` }]);
  writeFileSync(file, 'here\n');
  expect(await lines(source, 1)).toEqual(['here']);
});

test('waits for a missing folder too', async () => {
  const source = probe({ file: join(folder, 'later', 'in.txt') });
  await eventually('it waits', () => source.log.length > 0);
  mkdirSync(join(folder, 'later'));
  writeFileSync(join(folder, 'later', 'in.txt'), 'here\n');
  expect(await lines(source, 1)).toEqual(['here']);
});

test('begins again when the file was truncated, and drops the line that was under way', async () => {
  writeFileSync(file, 'one\ntwo\nthr');
  const source = probe();
  await source.until(2);
  truncateSync(file, 0);
  await eventually('the truncation is noticed', () => source.log.some(({ level }) => level === 'warn'));
  appendFileSync(file, 'new\n');
  expect((await source.until(3))[2]).toMatchObject({ record: { value: 'new' }, offset: { position: 4 } });
});

test('begins again when the file is shorter than the stored position', async () => {
  writeFileSync(file, 'one\n');
  const source = probe({}, at(1000));
  expect(await lines(source, 1)).toEqual(['one']);
  expect(source.log.map(({ level }) => level)).toEqual(['warn']);
});

test('finishes a file that was moved away, then reads the one in its place', async () => {
  writeFileSync(file, 'one\n');
  const source = probe();
  await source.until(1);
  renameSync(file, `${file}.1`);
  appendFileSync(`${file}.1`, 'two\nlast');
  writeFileSync(file, 'three\n');
  expect(await lines(source, 4)).toEqual(['one', 'two', 'last', 'three']);
  expect(source.emitted.map(({ offset }) => offset)).toEqual([{ position: 4 }, { position: 8 }, { position: 12 }, { position: 6 }]);
  appendFileSync(file, 'four\n');
  expect(await lines(source, 5)).toContain('four');
});

test('goes on with a moved file for a while, since its writer does', async () => {
  writeFileSync(file, 'one\n');
  const source = probe();
  await source.until(1);
  renameSync(file, `${file}.1`);
  writeFileSync(file, 'three\n');
  await new Promise((resolve) => setTimeout(resolve, 300));
  appendFileSync(`${file}.1`, 'two\n');
  expect(await lines(source, 3)).toEqual(['one', 'two', 'three']);
});

test('keeps reading a file that was moved away while nothing has taken its place', async () => {
  writeFileSync(file, 'one\n');
  const source = probe();
  await source.until(1);
  renameSync(file, `${file}.1`);
  appendFileSync(`${file}.1`, 'two\n');
  expect(await lines(source, 2)).toEqual(['one', 'two']);
});

describe('gzip', () => {
  beforeEach(() => {
    file = join(folder, 'in.gz');
  });

  test('reads a name that ends in .gz uncompressed, and counts uncompressed bytes', async () => {
    writeFileSync(file, gzipSync('one\ntwo\nthree\n'));
    const source = probe();
    expect(await lines(source, 3)).toEqual(['one', 'two', 'three']);
    expect(source.emitted.map(({ offset }) => offset)).toEqual([{ position: 4 }, { position: 8 }, { position: 14 }]);
  });

  test('goes on at the stored position', async () => {
    writeFileSync(file, gzipSync(Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`).join('')));
    const first = probe();
    const { offset } = (await first.until(50_000))[40_000] ?? {};
    const second = probe({}, { offsetOf: () => offset ?? null });
    expect(await lines(second, 9_999)).toEqual(Array.from({ length: 9_999 }, (_, i) => `line ${i + 40_001}`));
  });

  test('reads members that are appended, and another file in its place', async () => {
    writeFileSync(file, gzipSync('one\n'));
    const source = probe();
    await source.until(1);
    appendFileSync(file, gzipSync('two\n'));
    await source.until(2);
    writeFileSync(`${file}.new`, gzipSync('three\n'));
    renameSync(`${file}.new`, file);
    expect(await lines(source, 3)).toEqual(['one', 'two', 'three']);
    expect(source.emitted.map(({ offset }) => offset)).toEqual([{ position: 4 }, { position: 8 }, { position: 6 }]);
  });

  test('waits for the rest of a file that is still being written', async () => {
    const content = Array.from({ length: 5_000 }, (_, i) => `line ${i} ${(i * 2654435761) % 4294967296}\n`).join('');
    const whole = gzipSync(content);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    const source = probe();
    await source.until(1_000);
    appendFileSync(file, whole.subarray(whole.length / 2));
    expect((await lines(source, 5_000)).join('\n')).toBe(content.trimEnd());
  });

  test('begins again when the content is shorter than the stored position', async () => {
    writeFileSync(file, gzipSync('one\n'));
    const source = probe({}, at(1000));
    expect(await lines(source, 1)).toEqual(['one']);
    expect(source.log.map(({ level }) => level)).toEqual(['warn']);
  });

  test('names a file that is no gzip data', async () => {
    writeFileSync(file, 'plain text, not compressed at all');
    const source = probe();
    expect(await errorOf(source)).toContain(
      `"${file}" (config key file) is no valid gzip data after 0 bytes of content: incorrect header check.`,
    );
  });
});

describe('bad input', () => {
  test('a directory', async () => {
    expect(await errorOf(probe({ file: folder }))).toContain(
      `The file source cannot read "${folder}" (config key file): it is a directory, not a regular file. Name a file, or leave the key out`,
    );
  });

  test('a device', async () => {
    expect(await errorOf(probe({ file: '/dev/null' }))).toContain('"/dev/null" (config key file): it is a device, not a regular file.');
  });

  test('a path through a file', async () => {
    writeFileSync(file, '');
    const path = join(file, 'below');
    expect(await errorOf(probe({ file: path }))).toContain(`There can be no file at "${path}" (config key file): ENOTDIR`);
  });

  test('a link to itself', async () => {
    symlinkSync(file, file);
    expect(await errorOf(probe())).toContain(`There can be no file at "${file}" (config key file): ELOOP`);
  });

  test('a line over the bound: what is before it is emitted', async () => {
    writeFileSync(file, `short\n${'x'.repeat(11)}\nnext\n`);
    const source = probe({ 'max.line.bytes': 10 });
    expect(await errorOf(source)).toContain(
      `The line at byte 6 of "${file}" (config key file) is longer than 10 bytes. Raise max.line.bytes if such lines are meant to be`,
    );
    expect(source.emitted.map(({ record }) => record.value)).toEqual(['short']);
  });

  test('invalid UTF-8 becomes U+FFFD', async () => {
    writeFileSync(file, Buffer.from([0x61, 0xc3, 0x28, 0x0a]));
    expect(await lines(probe(), 1)).toEqual(['a\uFFFD(']);
  });

  test.each([['text'], [-1], [1.5]])('a stored position of %j', async (position) => {
    writeFileSync(file, 'one\n');
    expect(await errorOf(probe({}, at(position)))).toContain(`which is no byte position. Stop the connector and set the offset`);
  });
});
