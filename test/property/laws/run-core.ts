/** The modules of a run: the ones of `src`, or of a copy with a seeded bug. */
export interface RunCore {
  readonly run: typeof import('../../../src/schedule/run.ts').run;
  readonly defaultLimits: typeof import('../../../src/schedule/run-options.ts').defaultLimits;
  readonly mapRecord: typeof import('../../../src/sdk/map-record.ts').mapRecord;
  readonly filterRecord: typeof import('../../../src/sdk/filter-record.ts').filterRecord;
  readonly flatMapRecord: typeof import('../../../src/sdk/flat-map-record.ts').flatMapRecord;
  readonly mapBatch: typeof import('../../../src/sdk/map-batch.ts').mapBatch;
  readonly route: typeof import('../../../src/sdk/route.ts').route;
  readonly when: typeof import('../../../src/sdk/when.ts').when;
  readonly pollOnDemand: typeof import('../../../src/sdk/poll-on-demand.ts').pollOnDemand;
}

/** Throws when it is broken. */
export type RunLaw = (core: RunCore, options?: { readonly runs?: number; readonly shrink?: boolean }) => void;

/** Imports a run from a folder that holds `record/`, `sdk/` and `schedule/`. */
export async function runCoreFrom(src: string): Promise<RunCore> {
  const files = [
    'schedule/run.ts',
    'schedule/run-options.ts',
    ...['map-record', 'filter-record', 'flat-map-record', 'map-batch', 'route', 'when', 'poll-on-demand'].map((name) => `sdk/${name}.ts`),
  ];
  return Object.assign({}, ...(await Promise.all(files.map((path) => import(/* @vite-ignore */ `${src}/${path}`)))));
}
