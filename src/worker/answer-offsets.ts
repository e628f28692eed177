import { firstValueFrom, lastValueFrom } from 'rxjs';
import type { OffsetStore } from '../sdk/source.ts';
import type { OffsetAnswer, OffsetQuestion, Unit } from './messages.ts';

/** Where the offsets of sources are kept, by connector and task. */
export interface SourceOffsets {
  store(connector: string, task: number): OffsetStore;
}

/** Answers what tasks ask the main thread, which keeps their offsets. */
export const answerOffsets =
  (offsets: SourceOffsets) =>
  async (unit: Unit, question: OffsetQuestion): Promise<OffsetAnswer> => {
    const store = offsets.store(unit.connector, unit.kind === 'task' ? unit.task : 0);
    if (question.kind === 'load') return { kind: 'loaded', offsets: await firstValueFrom(store.load(question.partitions)) };
    if (question.kind === 'load-state') {
      return { kind: 'state', state: store.loadState ? await lastValueFrom(store.loadState(), { defaultValue: {} }) : {} };
    }
    await lastValueFrom(store.save(question.offsets, question.state), { defaultValue: undefined });
    return { kind: 'saved' };
  };
