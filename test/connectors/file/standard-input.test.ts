import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { StandardInput } from '../../../connectors/file/standard-input.ts';

const room = Buffer.alloc(8);
const readText = async (input: StandardInput): Promise<string> => {
  const read = await input.read(room);
  return typeof read === 'number' ? room.toString('utf8', 0, read) : `(${read})`;
};

test('gives the bytes of a stream as they come, and its end', async () => {
  const stream = new PassThrough();
  const input = new StandardInput(stream);
  stream.write('one');
  expect(await readText(input)).toBe('one');
  const later = readText(input);
  stream.end('two');
  expect(await later).toBe('two');
  expect(await readText(input)).toBe('(end)');
});

test('gives no more than there is room for', async () => {
  const stream = new PassThrough();
  const input = new StandardInput(stream);
  stream.end('0123456789');
  expect([await readText(input), await readText(input), await readText(input)]).toEqual(['01234567', '89', '(end)']);
});

test('fails when the stream does', async () => {
  const stream = new PassThrough();
  const input = new StandardInput(stream);
  const read = readText(input);
  stream.destroy(new Error('torn off'));
  await expect(read).rejects.toThrow('Reading standard input failed at byte 0: torn off.');
});

test('leaves the stream without listeners when it is closed', async () => {
  const stream = new PassThrough();
  const before = stream.listenerCount('readable');
  const input = new StandardInput(stream);
  await input.close();
  expect(stream.listenerCount('readable')).toBe(before);
});

test('a source without file reads standard input, the last line without newline included, and completes', () => {
  const script = join(import.meta.dirname, 'read-stdin.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', script], { encoding: 'utf8', input: 'one\ntwo' });
  expect({ stdout: JSON.parse(stdout || '""'), stderr }).toEqual({
    stdout: { values: ['one', 'two'], partition: { filename: null }, ended: 'completed' },
    stderr: '',
  });
});
