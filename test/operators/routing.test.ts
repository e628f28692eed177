import { of, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { timestampConverter } from '../../operators/timestamp-converter.ts';
import { parseConfig } from '../../src/sdk/index.ts';
import { record, recordTransformer, testAcks } from '../../src/testing/index.ts';

const prefix = 'org.apache.kafka.connect.transforms.';

test('each topic is matched once, and the answer is right for topics in turn', async () => {
  const { transform } = await recordTransformer({
    transforms: 't',
    'transforms.t.type': `${prefix}RegexRouter`,
    'transforms.t.regex': 'a(.*)',
    'transforms.t.replacement': 'x$1',
  });
  const topics = ['ab', 'b', 'ab', 'ac', 'b'];
  expect(topics.map((topic) => transform(record(1, { topic }))[0]?.topic)).toEqual(['xb', 'b', 'xb', 'xc', 'b']);
});

test('an expression that would backtrack without end fails its record within the limit', async () => {
  const { transform } = await recordTransformer({
    transforms: 't',
    'transforms.t.type': `${prefix}RegexRouter`,
    'transforms.t.regex': '(?=a)(a+)+\\1c',
    'transforms.t.replacement': 'x',
  });
  expect(() => transform(record(1, { topic: `${'a'.repeat(40)}!` }))).toThrow('took longer than');
  expect(transform(record(1, { topic: 'b' }))[0]?.topic).toBe('b');
});

test('two-digit years lie around the time of the run', () => {
  const yearAt = (now: number) => {
    const scheduler = new VirtualTimeScheduler();
    scheduler.now = () => now;
    const parsed = parseConfig(timestampConverter, { 'target.type': 'Date', format: 'yy' });
    let year = 0;
    of(testAcks(scheduler).batch([record('40')]))
      .pipe(timestampConverter.create(parsed, { scheduler }))
      .subscribe(({ records }) => {
        const value = records[0]?.value;
        if (value instanceof Date) year = value.getUTCFullYear();
      });
    return year;
  };
  expect([yearAt(Date.UTC(2000, 0, 1)), yearAt(Date.UTC(2030, 0, 1))]).toEqual([1940, 2040]);
});
