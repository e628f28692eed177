import { lastValueFrom, tap } from 'rxjs';
import type { AnyDefinition } from '../../graph/graph.ts';
import type { Driver } from '../../kafka/driver.ts';
import type { RawConfig } from '../../sdk/config.ts';
import type { Runnable } from '../../worker/compiled-of.ts';
import { type PipelineEvent, run } from '../../worker/run-pipeline.ts';

export interface RunPipelinesOptions {
  readonly driver: Driver;
  /** Converters of connectors that set none. */
  readonly worker?: RawConfig;
  /** Plugins that they may name, beside those of the package. */
  readonly plugins?: readonly AnyDefinition[];
  /** Asks all of them to drain and end. */
  readonly signal: AbortSignal;
  readonly stopTimeoutMs: number;
  readonly onEvent: (event: PipelineEvent) => void;
}

/** Runs pipelines side by side until all have ended. When one fails the others drain first; then its error is thrown. */
export async function runPipelines(pipelines: readonly Runnable[], { signal, onEvent, ...options }: RunPipelinesOptions): Promise<void> {
  const failed = new AbortController();
  const until = AbortSignal.any([signal, failed.signal]);
  const ends = pipelines.map(async (pipeline) => {
    try {
      await lastValueFrom(run(pipeline, { ...options, signal: until }).pipe(tap(onEvent)), { defaultValue: undefined });
    } catch (error) {
      failed.abort();
      throw error;
    }
  });
  const failure = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
