import { expect, test } from 'vitest';
import { pipelineSettings } from '../../src/graph/pipeline-spec.ts';
import type { Events } from '../../src/telemetry/events.ts';
import { tell } from '../../src/worker/tell.ts';

const task = { connector: 'p', task: 0 };
const failure = { stage: 'TASK_PUT', node: 'out', error: new Error('full') } as const;

/** What is told of one failed record under these settings. */
function told(errors: { readonly log?: boolean; readonly logRecords?: boolean }, record: unknown): readonly unknown[] {
  const lines: unknown[] = [];
  const events = new Proxy({} as Events, {
    get:
      (_events, name) =>
      (...facts: unknown[]) =>
        lines.push([name, ...facts]),
  });
  tell(events, task, pipelineSettings.parse({ errors }))({ kind: 'record-failed', failure, record });
  return lines;
}

test('failed records are told only where the settings ask for it', () => {
  expect(told({}, { topic: 't' })).toEqual([]);
  expect(told({ log: true }, { topic: 't' })).toEqual([['recordFailed', task, failure, undefined]]);
});

test('their place is where they came from, else where they were to go; their content is never told (I10)', () => {
  const consumed = { topic: 'new', partition: null, value: 'hunter2', offset: 7, origin: { topic: 't', partition: 3 } };
  expect(told({ log: true, logRecords: true }, consumed)).toEqual([
    ['recordFailed', task, failure, { topic: 't', partition: 3, offset: 7 }],
  ]);
  const made = { topic: 'new', partition: null, value: 'hunter2', offset: -1, origin: null };
  expect(told({ log: true, logRecords: true }, made)).toEqual([
    ['recordFailed', task, failure, { topic: 'new', partition: null, offset: -1 }],
  ]);
  expect(told({ log: true, logRecords: true }, 'hunter2')).toEqual([['recordFailed', task, failure, undefined]]);
});
