import type { PipelineSettings } from '../graph/pipeline-spec.ts';
import type { RunEvent } from '../schedule/run-options.ts';
import type { Events, RecordPlace, TaskName } from '../telemetry/events.ts';

type Tell = { readonly [K in RunEvent['kind']]: (event: Extract<RunEvent, { kind: K }>) => void };

/** Tells the log what happens to a task, as its settings say. A task's failure is not told here: whoever subscribed gets the error. */
export function tell(events: Events, task: TaskName, { errors }: PipelineSettings): (event: RunEvent) => void {
  const by: Tell = {
    running: () => events.taskStarted(task),
    committed: ({ offsets, records }) => events.offsetsCommitted(task, { partitions: offsets.length, records }),
    'commit-failed': ({ error }) => events.commitFailed(task, error),
    'record-failed': ({ failure, record }) => {
      if (errors.log) events.recordFailed(task, failure, errors.logRecords ? placeOf(record) : undefined);
    },
    stalled: ({ forMs }) => events.taskStalled(task, { forMs }),
    moving: () => events.taskMoving(task),
    draining: ({ reason }) => events.taskDraining(task, reason),
  };
  // The table is complete by type; its lookup loses which event belongs to which function.
  return (event) => (by[event.kind] as (event: RunEvent) => void)(event);
}

/** Where a record came from, or where it was to go. */
function placeOf(record: unknown): RecordPlace | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { topic, partition, offset, origin } = record as RecordPlace & { readonly origin?: RecordPlace | null };
  const place = { topic: origin?.topic ?? topic, partition: origin?.partition ?? partition, offset };
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
}
