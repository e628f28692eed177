import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { fileSink, fileSource } from '../../../connectors/file/index.ts';
import { record, sinkContract, sourceContract } from '../../../src/testing/index.ts';

const folderOf = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-file-contract-'));
  return { folder, close: async () => rmSync(folder, { recursive: true, force: true }) };
};

describe('the file source', () => {
  const cases = sourceContract(fileSource, async () => {
    const { folder, close } = folderOf();
    const file = join(folder, 'in.txt');
    writeFileSync(file, '');
    return {
      config: { file, topic: 't', 'batch.size': '7' },
      produce: async (ids) => appendFileSync(file, ids.map((id) => `${id}\n`).join('')),
      idOf: ({ value }) => String(value),
      broken: { file: folder, topic: 't' },
      close,
    };
  });
  for (const { name, run } of cases) test(name, ({ skip }) => run().then((answer) => skip(answer !== undefined, answer?.skipped)));
});

describe('the file sink', () => {
  const cases = sinkContract(fileSink, async () => {
    const { folder, close } = folderOf();
    const file = join(folder, 'out.txt');
    return {
      config: { file },
      record: (id) => record(id),
      written: async () => readFileSync(file, 'utf8').split('\n').slice(0, -1),
      broken: { file: '/dev/full' },
      close,
    };
  });
  for (const { name, run } of cases) test(name, ({ skip }) => run().then((answer) => skip(answer !== undefined, answer?.skipped)));
});
