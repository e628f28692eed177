import { defer, from, ignoreElements, map, type Observable } from 'rxjs';
import { workerErrors } from '../../errors/worker.ts';
import type { OffsetStore } from '../../sdk/source.ts';
import type { OffsetAnswer, OffsetQuestion } from '../messages.ts';

type Ask = (question: OffsetQuestion) => Promise<OffsetAnswer>;

/** The offsets of a task's source, kept by the main thread. */
export const askedOffsets = (ask: Ask): OffsetStore => {
  const answer = <K extends OffsetAnswer['kind']>(kind: K, question: OffsetQuestion): Observable<Extract<OffsetAnswer, { kind: K }>> =>
    defer(() => from(ask(question))).pipe(map((given) => expected(kind, given)));
  return {
    load: (partitions) => answer('loaded', { kind: 'load', partitions }).pipe(map(({ offsets }) => offsets)),
    save: (offsets, state) => answer('saved', { kind: 'save', offsets, state }).pipe(ignoreElements()),
    loadState: () => answer('state', { kind: 'load-state' }).pipe(map(({ state }) => state)),
  };
};

function expected<K extends OffsetAnswer['kind']>(kind: K, answer: OffsetAnswer): Extract<OffsetAnswer, { kind: K }> {
  if (answer.kind === kind) return answer as Extract<OffsetAnswer, { kind: K }>;
  throw workerErrors.OFFSETS_REFUSED({ why: answer.kind === 'refused' ? answer.fault.message : `the answer was ${answer.kind}` });
}
