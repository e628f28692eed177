import type { RawConfig } from '../sdk/config.ts';
import type { ConverterDefinition } from '../sdk/converter.ts';
import type { BatchOperator, OperatorDefinition, PredicateDefinition } from '../sdk/operator.ts';
import type { SinkDefinition } from '../sdk/sink.ts';
import type { SourceDefinition } from '../sdk/source.ts';
import type { PipelineSettings, PipelineSpec } from './pipeline-spec.ts';

/** Definitions by kind: the kind of plugin a node asks for decides what it gets. */
export interface DefinitionOf {
  readonly source: SourceDefinition<unknown, unknown>;
  readonly operator: OperatorDefinition<unknown, never, unknown>;
  readonly predicate: PredicateDefinition<unknown, never>;
  readonly converter: ConverterDefinition<unknown>;
  readonly sink: SinkDefinition<unknown, never>;
}
export type PluginKind = keyof DefinitionOf;
export type AnyDefinition = DefinitionOf[PluginKind];

/** A plugin in a graph: by name, to be looked up, or the definition itself where code has it at hand. */
export type PluginUse<K extends PluginKind> =
  | { readonly by: 'name'; readonly name: string; readonly config: RawConfig }
  | { readonly by: 'definition'; readonly definition: DefinitionOf[K]; readonly config: RawConfig };

export interface ConverterUses {
  readonly key: PluginUse<'converter'>;
  readonly value: PluginUse<'converter'>;
  readonly header: PluginUse<'converter'>;
}

interface NodeBase {
  readonly name: string;
  /** Names of the nodes that feed this one; `undefined`: the one before it. */
  readonly from?: readonly string[] | undefined;
}

export interface SourceNode extends NodeBase {
  readonly kind: 'source';
  readonly use: PluginUse<'source'>;
}
export interface OperatorNode extends NodeBase {
  readonly kind: 'operator';
  readonly use: PluginUse<'operator'>;
  readonly when?: { readonly use: PluginUse<'predicate'>; readonly negate: boolean } | undefined;
}
/** A function given in code: it runs, but has no JSON. */
export interface InlineNode extends NodeBase {
  readonly kind: 'inline';
  readonly operator: BatchOperator<never, unknown>;
}
export interface ConverterNode extends NodeBase {
  readonly kind: 'decode' | 'encode';
  readonly uses: ConverterUses;
}
export interface SinkNode extends NodeBase {
  readonly kind: 'sink';
  readonly use: PluginUse<'sink'>;
}
export type GraphNode = SourceNode | OperatorNode | InlineNode | ConverterNode | SinkNode;

/** A pipeline before its plugins are looked up: what the builder makes and a JSON document becomes. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly settings: PipelineSettings;
}

type NamedPlugin = { readonly plugin: string; readonly config: RawConfig };

/** The graph of a JSON document. */
export function graphOf(spec: PipelineSpec): Graph {
  return { name: spec.name, nodes: spec.nodes.map(nodeOf), settings: spec.settings };
}

function nodeOf(node: PipelineSpec['nodes'][number]): GraphNode {
  const { name } = node;
  switch (node.kind) {
    case 'source':
      return { kind: 'source', name, use: byName(node) };
    case 'operator':
      return {
        kind: 'operator',
        name,
        from: node.from,
        use: byName(node),
        when: node.when && { use: byName(node.when), negate: node.when.negate },
      };
    case 'decode':
    case 'encode':
      return {
        kind: node.kind,
        name,
        from: node.from,
        uses: { key: byName(node.key), value: byName(node.value), header: byName(node.header) },
      };
    case 'sink':
      return { kind: 'sink', name, from: node.from, use: byName(node) };
  }
}

const byName = ({ plugin, config }: NamedPlugin) => ({ by: 'name', name: plugin, config }) as const;

/** The name a plugin is asked for by, for messages and documents. */
export const nameOf = (use: PluginUse<PluginKind>): string => (use.by === 'name' ? use.name : use.definition.name);

/** Every plugin that a graph asks for by name, so that they can be imported before it is compiled. */
export function pluginsOf(graph: Graph): ReadonlyArray<{ readonly kind: PluginKind; readonly name: string }> {
  return graph.nodes.flatMap((node) => usesOf(node).flatMap(({ kind, use }) => (use.by === 'name' ? [{ kind, name: use.name }] : [])));
}

function usesOf(node: GraphNode): ReadonlyArray<{ readonly kind: PluginKind; readonly use: PluginUse<PluginKind> }> {
  switch (node.kind) {
    case 'source':
    case 'sink':
      return [{ kind: node.kind, use: node.use }];
    case 'operator':
      return [{ kind: 'operator', use: node.use }, ...(node.when ? [{ kind: 'predicate', use: node.when.use } as const] : [])];
    case 'decode':
    case 'encode':
      return [node.uses.key, node.uses.value, node.uses.header].map((use) => ({ kind: 'converter', use }));
    case 'inline':
      return [];
  }
}
