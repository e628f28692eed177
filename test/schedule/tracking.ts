import type { Outcome } from '../../src/record/outcome.ts';
import { AckTracker } from '../../src/schedule/ack-tracker.ts';
import { Window, type WindowLimits } from '../../src/schedule/window.ts';
import type { SourceBatch } from '../../src/sdk/source.ts';
import { recordingFlow } from '../record/root.ts';

/** A tracker whose trampoline is turned by hand. */
export function tracking(limits: Partial<WindowLimits> = {}) {
  const soon: (() => void)[] = [];
  const later = (work: () => void) => {
    soon.push(work);
  };
  const told = { changed: 0, idle: 0, failed: [] as unknown[] };
  const window = new Window(
    { records: 100, bytes: 1_000, span: 100, ...limits },
    {
      changed: () => {
        told.changed += 1;
      },
      later,
    },
  );
  const flow = recordingFlow();
  const tracker = new AckTracker('source', {
    flow,
    window,
    later,
    failed: (failure) => told.failed.push(failure.error),
    idle: () => {
      told.idle += 1;
    },
  });
  const turn = () => {
    for (let work = soon.shift(); work !== undefined; work = soon.shift()) work();
  };
  const progress = () => tracker.takeCommittable().map(({ partition, offset, records }) => [partition.p, offset.at, records]);
  return { tracker, window, flow, told, turn, progress, soon };
}

/** A batch of one partition, exact to the record: offsets from `from`. */
export const exact = (p: string, from: number, count: number, more: Partial<SourceBatch<number>> = {}): SourceBatch<number> => ({
  records: Array.from({ length: count }, (_, i) => from + i),
  partition: { p },
  offsetAt: (i) => ({ at: from + i }),
  ...more,
});

/** A batch of one partition, committable only as a whole. */
export const whole = (p: string, last: number, count = 1): SourceBatch<number> => ({
  records: new Array<number>(count).fill(0),
  partition: { p },
  offset: { at: last },
});

export const failure = (error: unknown): Outcome => ({ kind: 'failed', failure: { stage: 'TASK_PUT', node: 'sink', error } });
