import assert from 'node:assert/strict';
import { defaultIfEmpty, firstValueFrom, from, type ObservableInput } from 'rxjs';

/** One case of a contract suite: give it to any test runner. */
export interface ContractCase {
  /** A sentence that says what the subject does. */
  readonly name: string;
  /** Rejects when the subject does otherwise. Resolves to a reason when it declares that it cannot do this. */
  readonly run: () => Promise<ContractSkip | undefined | void>;
}

export interface ContractSkip {
  readonly skipped: string;
}

/** Polls until `found` gives something else than `undefined` or `false`; fails after 10 s, naming what was waited for. */
export async function eventually<T>(what: string, found: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (const until = Date.now() + 10_000; ; ) {
    const value = await found();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > until) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits for the end of what a plugin may answer with: nothing, a promise, an Observable. */
export async function done(input: ObservableInput<unknown> | void): Promise<void> {
  if (input !== undefined) await firstValueFrom(from(input).pipe(defaultIfEmpty(undefined)));
}

/** Fails where an error does not say what to do about it, in a `remedy` as the errors of `errorTable` have. */
export function assertRemedy(error: unknown): void {
  const remedy = typeof error === 'object' && error !== null && 'remedy' in error ? error.remedy : undefined;
  assert.ok(
    typeof remedy === 'string' && remedy.trim() !== '',
    `The error has no remedy; throw one that errorTable of sluice/sdk makes. It is: ${String(error)}`,
  );
}

/** Counts what keeps the process awake, by kind. Timers are left out: the test runner has its own. */
export function openHandles(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== 'Timeout' && kind !== 'Immediate') counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
