import { EMPTY, firstValueFrom, lastValueFrom } from 'rxjs';
import type { OffsetStore } from '../sdk/source.ts';
import type { OffsetAnswer, OffsetQuestion, Unit } from './messages.ts';
import { patiently } from './patiently.ts';

/** Where the offsets of sources are kept, by connector and task. */
export interface SourceOffsets {
  store(connector: string, task: number): OffsetStore;
}

/**
 * Answers what tasks ask the main thread, which keeps their offsets.
 *
 * A task that begins while no broker answers waits for them, as long as it is `wanted`. A save fails instead: the next commit repeats it.
 */
export const answerOffsets =
  (offsets: SourceOffsets) =>
  async (unit: Unit, question: OffsetQuestion, wanted: () => boolean): Promise<OffsetAnswer> => {
    const store = offsets.store(unit.connector, unit.kind === 'task' ? unit.task : 0);
    if (question.kind === 'load')
      return { kind: 'loaded', offsets: await patiently(() => firstValueFrom(store.load(question.partitions)), wanted) };
    if (question.kind === 'load-state') {
      const stored = () => lastValueFrom(store.loadState?.() ?? EMPTY, { defaultValue: {} });
      return { kind: 'state', state: await patiently(stored, wanted) };
    }
    await lastValueFrom(store.save(question.offsets, question.state), { defaultValue: undefined });
    return { kind: 'saved' };
  };
