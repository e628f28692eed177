import { map, timer } from 'rxjs';
import { config, connectRecord, defineSource, long, pollOnDemand } from 'sluice/sdk';
import { marbles, openSource } from 'sluice/testing';
import { test } from 'vitest';

const clock = defineSource({
  name: 'clock',
  summary: 'Tells the time.',
  config: config({ 'every.ms': long({ default: 1_000, doc: 'Milliseconds from one record to the next.' }) }),
  open: ({ 'every.ms': everyMs }, { demand, scheduler }) => {
    const tell = () => ({ records: [connectRecord({ topic: 'time', value: scheduler.now() })], partition: { clock: 'here' } });
    return pollOnDemand(demand, () => timer(everyMs, scheduler).pipe(map(tell)), { scheduler });
  },
});

test(
  'tells the time as long as there is room for it',
  marbles(({ cold, scheduler, expectObservable }) => {
    const allow = cold('----------1', { 1: 1 });
    const batches = openSource(clock, { config: { 'every.ms': 3 }, scheduler, room: 2, allow });
    const times = batches.pipe(map(({ records }) => records[0]?.value));
    expectObservable(times, '^-------------------!').toBe('---a--b------c', { a: 3, b: 6, c: 13 });
  }),
);
