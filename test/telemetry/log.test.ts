import { describe, expect, test } from 'vitest';
import { errorTable } from '../../src/errors/error-table.ts';
import { logEvents } from '../../src/telemetry/events.ts';
import { createLog, type Level } from '../../src/telemetry/log.ts';
import { pluginLog } from '../../src/telemetry/plugin-log.ts';

const errors = errorTable('TEST', { FULL: { message: () => 'Disk is full.', remedy: 'Empty it.' } });
const task = { connector: 'orders', task: 0 };

function lines(level: Level | undefined, write: (log: ReturnType<typeof createLog>) => void): readonly Record<string, unknown>[] {
  const written: string[] = [];
  write(createLog({ ...(level ? { level } : {}), write: (line) => written.push(line) }));
  return written.map((line) => JSON.parse(line));
}

test('is quiet when all is well', () => {
  const written = lines(undefined, (log) => {
    const events = logEvents(log);
    events.taskStarted(task);
    events.offsetsCommitted(task, { partitions: 1, records: 10 });
    events.taskDraining(task, 'stop');
    events.taskEnded(task);
  });
  expect(written).toEqual([]);
});

test('tells a commit that failed once, with the error and without its stack', () => {
  const [line, ...more] = lines(undefined, (log) => logEvents(log).commitFailed(task, errors.FULL({}, new Error('ENOSPC'))));
  expect(more).toEqual([]);
  expect(line).toMatchObject({
    level: 40,
    connector: 'orders',
    task: 0,
    error: { name: 'SluiceError', code: 'TEST_FULL', message: 'Disk is full. Empty it.', cause: { name: 'Error', message: 'ENOSPC' } },
    msg: 'offsets not committed, trying again at the next interval',
  });
  expect(Object.keys((line?.['error'] ?? {}) as object)).not.toContain('stack');
});

test('tells a failed record by its place, never by its content', () => {
  const failure = { stage: 'TRANSFORMATION', node: 'mask', error: new Error('no field') } as const;
  const [line] = lines(undefined, (log) => logEvents(log).recordFailed(task, failure, { topic: 't', partition: 1, offset: 7 }));
  expect(line).toMatchObject({ stage: 'TRANSFORMATION', node: 'mask', topic: 't', partition: 1, offset: 7 });
});

describe('facts named like a secret are hidden (I10):', () => {
  test.each(['password', 'secret', 'token', 'authorization', 'sasl.jaas.config'])('%s', (name) => {
    const [line] = lines('info', (log) => pluginLog(log).info('connecting', { [name]: 'hunter2', config: { [name]: 'hunter2' } }));
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });
});
