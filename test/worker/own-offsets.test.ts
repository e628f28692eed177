import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY, lastValueFrom, type Observable, of, switchMap } from 'rxjs';
import {
  type CommittedOffset,
  type ConnectRecord,
  config,
  defineSink,
  defineSource,
  delivered,
  noHeaders,
  resource,
  type SourceBatch,
} from 'sluice/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pipeline, run } from '../../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-own-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const summary = 'For tests.';
const record = (value: number): ConnectRecord => ({
  topic: 't',
  partition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value,
  timestamp: null,
  headers: noHeaders,
  offset: -1,
  origin: null,
});
const partition = { queue: 'q' };
const collect = (into: unknown[]) =>
  defineSink({
    name: 'collect',
    summary,
    config: config({}),
    open: () => ({
      next: ({ records, ack }) => {
        into.push(...records.map(({ value }) => value));
        ack.settle(delivered);
      },
    }),
  });

test('a source that keeps its offsets itself is asked for them, told to save them, and its store is closed before the run completes', async () => {
  const seen: unknown[] = [];
  const queue = defineSource({
    name: 'queue',
    summary,
    config: config({}),
    open: (_config, { offsets }): Observable<SourceBatch<ConnectRecord>> =>
      offsets([partition]).pipe(switchMap(([offset]) => of({ records: [record(1)], partition, offset: { after: offset } }))),
    offsetStore: () => ({
      load: () => of([{ stored: 7 }]),
      save: (offsets: readonly CommittedOffset[]) => {
        seen.push(offsets);
        return EMPTY;
      },
      close: () => {
        seen.push('closed');
        return EMPTY;
      },
    }),
  });
  const values: unknown[] = [];
  await lastValueFrom(run(pipeline('p').from(queue()).to(collect(values)()), { data: folder }));
  expect(values).toEqual([1]);
  expect(seen).toEqual([[{ partition, offset: { after: { stored: 7 } } }], 'closed']);
});

test('the work is divided as the sink allows and the source divides it, and each task gets its part', async () => {
  const divided = defineSource({
    name: 'divided',
    summary,
    config: config({}),
    tasks: (_config, max) => of(Array.from({ length: max }, () => ({}))),
    open: (_config, { task }): Observable<SourceBatch<ConnectRecord>> =>
      of({ records: [record(task)], partition: { task }, offset: { at: 1 } }),
  });
  const values: unknown[] = [];
  const limited = { ...collect(values)().definition, tasks: () => of([{}, {}]) };
  const graph = pipeline('p', { tasksMax: 3 }).from(divided());
  await lastValueFrom(run(graph.to({ definition: limited, config: {} }), { data: folder }));
  expect(values.toSorted()).toEqual([0, 1]);
  values.length = 0;
  await lastValueFrom(run(graph.to(collect(values)()), { data: join(folder, 'other') }));
  expect(values.toSorted()).toEqual([0, 1, 2]);
});

test('a plugin that asks for what does not exist fails its pipeline, naming it', async () => {
  const needy = defineSource({
    name: 'needy',
    summary,
    config: config({}),
    open: (_config, context): Observable<SourceBatch<ConnectRecord>> => context.resource(resource<Observable<never>>('a-clock')),
  });
  await expect(lastValueFrom(run(pipeline('p').from(needy()).to(collect([])()), { data: folder }))).rejects.toThrow(
    'A plugin of pipeline p asks for a-clock, which does not exist here.',
  );
});
