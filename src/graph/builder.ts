import type { ConnectRecord } from '../record/record.ts';
import type { RawConfig } from '../sdk/config.ts';
import { type Configured, configuredOf } from '../sdk/define.ts';
import type { BatchOperator } from '../sdk/operator.ts';
import type { SinkDefinition } from '../sdk/sink.ts';
import type { SourceDefinition } from '../sdk/source.ts';
import type { ConverterStage } from './conversion.ts';
import type { DefinitionOf, Graph, GraphNode, PluginKind, PluginUse } from './graph.ts';
import { type PipelineSettingsInput, type PipelineSpec, pipelineSettings } from './pipeline-spec.ts';
import { specOf } from './spec-of.ts';

/** A plugin by its own name, Java class name or alias; looked up when the pipeline is compiled. */
export interface ByName {
  readonly plugin: string;
  readonly config?: RawConfig;
}

export type SourceStage<R> = Configured<SourceDefinition<unknown, R>> | ByName;
export type SinkStage<R> = Configured<SinkDefinition<unknown, R>> | ByName;
export type OperatorStage<A, B> = UnnamedStage<A, B> | NamedStage<A, B>;
type UnnamedStage<A, B> = BatchOperator<A, B> | ConverterStage<A, B> | ByName;

/** A stage under a name of its own: what failures, the watchdog and statuses call it. */
export interface NamedStage<A, B> {
  readonly name: string;
  readonly stage: UnnamedStage<A, B>;
}

/** Gives a stage a name; without one it is called after its plugin or its place. */
export const named = <A, B>(name: string, stage: NamedStage<A, B>['stage']): NamedStage<A, B> => ({ name, stage });

/** A whole pipeline, ready to run, compile or write as JSON. */
export interface Pipeline {
  readonly graph: Graph;
  /** The JSON document; fails when a node is a function, naming the node and what to do. */
  toSpec(): PipelineSpec;
}

/** A pipeline that still lacks its sink. Immutable: every step makes a new one, so a prefix can be shared. */
export interface OpenPipeline<R> {
  pipe<A>(a: OperatorStage<R, A>): OpenPipeline<A>;
  pipe<A, B>(a: OperatorStage<R, A>, b: OperatorStage<A, B>): OpenPipeline<B>;
  pipe<A, B, C>(a: OperatorStage<R, A>, b: OperatorStage<A, B>, c: OperatorStage<B, C>): OpenPipeline<C>;
  pipe<A, B, C, D>(a: OperatorStage<R, A>, b: OperatorStage<A, B>, c: OperatorStage<B, C>, d: OperatorStage<C, D>): OpenPipeline<D>;
  to(sink: SinkStage<R>): Pipeline;
}

/** Starts a pipeline: `pipeline('orders').from(source).pipe(operator, …).to(sink)`. */
export function pipeline(
  name: string,
  settings: PipelineSettingsInput = {},
): { from<R = ConnectRecord>(source: SourceStage<R>): OpenPipeline<R> } {
  const empty: Graph = { name, nodes: [], settings: pipelineSettings.parse(settings) };
  return {
    from: (source) => open(withNode(empty, { kind: 'source', name: freeName(empty, source), use: useOf<'source'>(source) })),
  };
}

function open<R>(graph: Graph): OpenPipeline<R> {
  return {
    pipe: (...stages: readonly OperatorStage<never, unknown>[]) => open(stages.reduce(withOperator, graph)),
    to: (sink) => closed(withNode(graph, { kind: 'sink', name: freeName(graph, sink), use: useOf<'sink'>(sink) })),
  };
}

const closed = (graph: Graph): Pipeline => ({ graph, toSpec: () => specOf(graph) });

function withOperator(graph: Graph, given: OperatorStage<never, unknown>): Graph {
  const chosen = 'stage' in given ? given.name : undefined;
  const stage = 'stage' in given ? given.stage : given;
  if ('uses' in stage) return withNode(graph, { kind: stage.kind, name: chosen ?? free(graph, stage.kind), uses: stage.uses });
  const plugin = typeof stage === 'function' ? operatorOf(stage) : stage;
  const node: GraphNode = plugin
    ? { kind: 'operator', name: chosen ?? freeName(graph, plugin), use: useOf<'operator'>(plugin) }
    : { kind: 'inline', name: chosen ?? free(graph, `operator-${graph.nodes.length}`), operator: stage as BatchOperator<never, unknown> };
  return withNode(graph, node);
}

/** The plugin behind an operator that a definition made: the same stage, but one that has a JSON and is made anew for every task. */
function operatorOf(stage: BatchOperator<never, unknown>): Configured<DefinitionOf['operator']> | undefined {
  const known = configuredOf(stage);
  return known && isOperator(known.definition) ? { definition: known.definition, config: known.config } : undefined;
}

const isOperator = (definition: object): definition is DefinitionOf['operator'] => 'kind' in definition && definition.kind === 'operator';

const withNode = (graph: Graph, node: GraphNode): Graph => ({ ...graph, nodes: [...graph.nodes, node] });

type Given<K extends PluginKind> = Configured<DefinitionOf[K]> | ByName;

const useOf = <K extends PluginKind>(given: Given<K>): PluginUse<K> =>
  'definition' in given
    ? { by: 'definition', definition: given.definition, config: given.config }
    : { by: 'name', name: given.plugin, config: given.config ?? {} };

const freeName = (graph: Graph, given: Given<PluginKind>): string =>
  free(graph, 'definition' in given ? given.definition.name : simpleName(given.plugin));

/** `org.acme.MaskField$Value` → `MaskField$Value`. */
const simpleName = (plugin: string): string => plugin.slice(plugin.lastIndexOf('.') + 1);

/** Two nodes of one plugin are told apart by a number. */
function free(graph: Graph, name: string): string {
  const taken = new Set(graph.nodes.map((node) => node.name));
  let candidate = name;
  for (let n = 2; taken.has(candidate); n++) candidate = `${name}-${n}`;
  return candidate;
}
