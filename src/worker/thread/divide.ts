import { map, type Observable, of } from 'rxjs';
import type { Resolved } from '../../graph/compile.ts';
import type { ConnectorContext } from '../../sdk/context.ts';
import type { CompiledConnector } from '../compiled-of.ts';
import type { TaskPart } from '../messages.ts';

/** The node of a Connect config's graph that is the connector itself; the other end is a topic. */
export const connectorNode = ({ source, sink }: Pick<CompiledConnector, 'source' | 'sink'>): Resolved<'source'> | Resolved<'sink'> =>
  sink.name === 'sink' ? sink : source;

/**
 * The parts of a connector's work, again whenever the connector divides it anew.
 *
 * A source that does not divide its work has one task; a sink that does not has as many as allowed, which share the partitions.
 */
export function divide(graph: CompiledConnector, context: ConnectorContext): Observable<readonly TaskPart[]> {
  const { source, settings } = graph;
  const node = connectorNode(graph);
  const max = settings.tasksMax;
  const configs = node.definition.tasks?.(node.config, max, context);
  if (node === source) return (configs ?? of([source.raw])).pipe(map((raws) => raws.map((raw) => ({ source: raw, sink: null }))));
  return (configs ?? of(Array.from({ length: max }, () => node.raw))).pipe(map((raws) => raws.map((raw) => ({ source: null, sink: raw }))));
}
