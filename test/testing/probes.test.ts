import { interval, map, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { config, defineSink, defineSource, writeInOrder } from '../../src/sdk/index.ts';
import { probeSink, probeSource, record, sourceBatch } from '../../src/testing/index.ts';

test('a probed source runs in the time of its scheduler', () => {
  const scheduler = new VirtualTimeScheduler(undefined, 30_000);
  const toy = defineSource({
    name: 'toy',
    summary: 'A toy.',
    config: config({}),
    open: (_config, { scheduler: time }) => interval(10_000, time).pipe(map((n) => sourceBatch([record(n)], n))),
  });
  const probe = probeSource(toy, { config: {}, scheduler });
  scheduler.flush();
  expect(probe.emitted.map(({ record: { value }, offset }) => [value, offset])).toEqual([
    [0, { position: 1 }],
    [1, { position: 2 }],
    [2, { position: 3 }],
  ]);
  probe.close();
});

test('a probed sink retries in the time of its scheduler', async () => {
  const scheduler = new VirtualTimeScheduler();
  const tries: number[] = [];
  const write = () => {
    tries.push(scheduler.now());
    if (tries.length < 3) throw new Error('away');
    return [];
  };
  const sink = defineSink({ name: 'toy', summary: 'A toy.', config: config({}), open: () => writeInOrder(write) });
  const probe = await probeSink(sink, { config: {}, scheduler, flow: { retry: () => 60_000 } });
  const written = record('a');
  probe.write([written]);
  scheduler.flush();
  expect(tries).toEqual([0, 60_000, 120_000]);
  expect(probe.outcomes.get(written)).toEqual({ kind: 'delivered' });
});
