import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OffsetFile } from '../../../src/store/offset-file.ts';
import { classpath } from '../kafka/classpath.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { runTool } from '../kafka/java.ts';

const MINUTES = 60_000;
const source = fileURLToPath(new URL('OffsetFileTool.java', import.meta.url));

describeKafka('the offset file of standalone Connect', () => {
  let folder: string;
  let jars: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-java-offsets-'));
    jars = await classpath('4.3.1');
  }, 10 * MINUTES);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Java compiles the tool as it starts it. */
  const java = async (...args: string[]) => (await runTool(jars, source, args)).split('\n').slice(0, -1);
  const keys = ['["é-source",{"filename":"a.txt"}]', '["b",{"x":1,"y":null}]'];

  test('is read here when Connect wrote it', { timeout: MINUTES }, async () => {
    const file = join(folder, 'java');
    await java('write', file, keys[0] ?? '', '{"position":7}', keys[1] ?? '', '{"position":9007199254740993}');
    const { entries } = await OffsetFile.open(file);
    expect(new Map(entries)).toEqual(
      new Map([
        [keys[0], '{"position":7}'],
        [keys[1], '{"position":9007199254740993}'],
      ]),
    );
  });

  test('is read by Connect when it was written here, and written on', { timeout: MINUTES }, async () => {
    const file = join(folder, 'ours');
    const many = Array.from({ length: 100 }, (_, i) => [`["n",{"p":${i}}]`, `{"o":${i}}`] as const);
    await (await OffsetFile.open(file)).write([[keys[0] ?? '', '{"position":8}'], ['["reset",{}]', null], ...many]);
    expect(await java('read', file, keys[0] ?? '', '["n",{"p":99}]', '["reset",{}]', '["other",{}]')).toEqual([
      '{"position":8}',
      '{"o":99}',
      'nothing',
      'nothing',
    ]);
    await java('write', file, keys[1] ?? '', '{"position":2}');
    const entries = new Map((await OffsetFile.open(file)).entries);
    expect(entries.size).toBe(103);
    expect(entries.get(keys[1] ?? '')).toBe('{"position":2}');
  });
});
