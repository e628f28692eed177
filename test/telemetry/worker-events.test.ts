import { expect, test } from 'vitest';
import { createLog, type Level } from '../../src/telemetry/log.ts';
import { logWorkerEvent, type WorkerEventFacts } from '../../src/telemetry/worker-events.ts';

const told = (level: Level, event: WorkerEventFacts): readonly Record<string, unknown>[] => {
  const lines: string[] = [];
  logWorkerEvent(createLog({ level, write: (line) => lines.push(line) }), event);
  return lines.map((line) => JSON.parse(line));
};

test('a failure is one line with connector, task and trace', () => {
  expect(told('warn', { kind: 'task-state', connector: 'a', task: 1, state: 'FAILED', trace: 'why' })).toMatchObject([
    { level: 50, connector: 'a', task: 1, state: 'FAILED', trace: 'why', msg: 'task state FAILED' },
  ]);
});

test('what goes well is quiet: changes of users at info, the rest at debug', () => {
  const running = { kind: 'task-state', connector: 'a', task: 1, state: 'RUNNING' };
  const created = { kind: 'connector-created', connector: 'a' };
  expect(told('warn', running)).toEqual([]);
  expect(told('info', running)).toEqual([]);
  expect(told('debug', running)).toHaveLength(1);
  expect(told('warn', created)).toEqual([]);
  expect(told('info', created)).toMatchObject([{ level: 30, connector: 'a', msg: 'connector created' }]);
});
