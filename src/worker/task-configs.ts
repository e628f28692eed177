import { map, type Observable, of, switchMap, take } from 'rxjs';
import type { CompiledGraph } from '../graph/compile.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorContext } from '../sdk/context.ts';
import { parseConfig } from '../sdk/define.ts';

/** Parsed configs of one task. */
export interface TaskConfigs {
  readonly source: unknown;
  readonly sink: unknown;
}

/**
 * Divides the work of a pipeline: the sink says how many tasks it can use, the source divides its work among so many.
 *
 * A plugin that does not divide its work gives every task its whole config; a source that does not has one task.
 */
export function taskConfigs({ source, sink, settings }: CompiledGraph, context: ConnectorContext): Observable<readonly TaskConfigs[]> {
  const sinkConfigs = sink.definition.tasks?.(sink.config, settings.tasksMax, context);
  return once(sinkConfigs, undefined).pipe(
    switchMap((sinks) => {
      const most = sinks === undefined ? settings.tasksMax : sinks.length;
      return once(source.definition.tasks?.(source.config, most, context), [source.raw]).pipe(
        map((sources) => sources.map((raw, task) => ({ source: parseConfig(source.definition, raw), sink: sinkOf(sinks, task) }))),
      );
    }),
  );

  function sinkOf(sinks: readonly RawConfig[] | undefined, task: number): unknown {
    const raw = sinks?.[task];
    return raw === undefined ? sink.config : parseConfig(sink.definition, raw);
  }
}

const once = <D>(configs: Observable<readonly RawConfig[]> | undefined, otherwise: D): Observable<readonly RawConfig[] | D> =>
  configs === undefined ? of(otherwise) : configs.pipe(take(1));
