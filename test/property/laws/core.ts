import type { delivered, filtered, returned } from '../../../src/record/outcome.ts';

/** The modules under test: the ones of `src`, or of a copy with a seeded bug. */
export interface Core {
  readonly fork: typeof import('../../../src/record/fork.ts').fork;
  readonly gather: typeof import('../../../src/record/gather.ts').gather;
  readonly intercept: typeof import('../../../src/record/intercept.ts').intercept;
  readonly AckTracker: typeof import('../../../src/schedule/ack-tracker.ts').AckTracker;
  readonly Window: typeof import('../../../src/schedule/window.ts').Window;
  readonly Lane: typeof import('../../../src/schedule/window.ts').Lane;
  readonly outcomes: { readonly delivered: typeof delivered; readonly filtered: typeof filtered; readonly returned: typeof returned };
}

/** Throws when it is broken. */
export type Law = (core: Core, options?: LawOptions) => void;

export interface LawOptions {
  readonly runs?: number;
  /** Of a law that is expected to break: a counterexample is enough. */
  readonly shrink?: boolean;
}

/** Imports the core from a folder that holds `record/` and `schedule/`. */
export async function coreFrom(src: string | URL): Promise<Core> {
  const file = (path: string) => import(/* @vite-ignore */ `${src}/${path}`);
  const [fork, gather, intercept, tracker, window, outcomes] = await Promise.all([
    file('record/fork.ts'),
    file('record/gather.ts'),
    file('record/intercept.ts'),
    file('schedule/ack-tracker.ts'),
    file('schedule/window.ts'),
    file('record/outcome.ts'),
  ]);
  return {
    fork: fork.fork,
    gather: gather.gather,
    intercept: intercept.intercept,
    AckTracker: tracker.AckTracker,
    Window: window.Window,
    Lane: window.Lane,
    outcomes,
  };
}

export const source = new URL('../../../src', import.meta.url).pathname;
