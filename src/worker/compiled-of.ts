import type { Pipeline } from '../graph/builder.ts';
import { type CompiledGraph, compile } from '../graph/compile.ts';
import { fromConnect } from '../graph/from-connect.ts';
import { graphOf, pluginsOf } from '../graph/graph.ts';
import { parseSpec } from '../graph/parse-spec.ts';
import type { PipelineSpecInput } from '../graph/pipeline-spec.ts';
import { PluginRegistry } from '../plugins/registry.ts';
import type { RawConfig } from '../sdk/config.ts';

/** The config of a Connect connector: flat, texts. */
export type ConnectorConfig = RawConfig & { readonly 'connector.class': unknown };

/** A pipeline written in code, its JSON document, or the config of a Connect connector. */
export type Runnable = Pipeline | PipelineSpecInput | ConnectorConfig;

export interface CompileOptions {
  /** Properties of the worker, for connector configs: converters, client settings by prefix. */
  readonly worker?: RawConfig;
  readonly plugins?: PluginRegistry;
}

/** Imports the plugins that a pipeline names, and compiles it. Fails with all that is wrong with it. */
export async function compiledOf(
  pipeline: Runnable,
  { worker = {}, plugins = new PluginRegistry() }: CompileOptions,
): Promise<CompiledGraph> {
  if (isConnector(pipeline)) {
    const { spec, path, problems } = fromConnect(pipeline, { worker, plugins });
    const graph = graphOf(spec);
    return compile(graph, await plugins.load(pluginsOf(graph)), { path, problems });
  }
  const graph = isPipeline(pipeline) ? pipeline.graph : graphOf(parseSpec(pipeline));
  return compile(graph, await plugins.load(pluginsOf(graph)));
}

/** What divides the work of a connector: the connector and the topics, without what stands between them. */
export type CompiledConnector = Pick<CompiledGraph, 'source' | 'sink' | 'settings'>;

/**
 * A connector without its transforms and converters: what is wrong with those fails its tasks, not the connector, as in Connect.
 */
export async function compiledConnector(
  config: ConnectorConfig,
  { worker = {}, plugins = new PluginRegistry() }: CompileOptions,
): Promise<CompiledConnector> {
  const { spec, path } = fromConnect(config, { worker, plugins });
  const graph = graphOf({ ...spec, nodes: spec.nodes.filter(({ kind }) => kind === 'source' || kind === 'sink') });
  return compile(graph, await plugins.load(pluginsOf(graph)), { path });
}

const isConnector = (pipeline: Runnable): pipeline is ConnectorConfig => 'connector.class' in pipeline;
const isPipeline = (pipeline: Runnable): pipeline is Pipeline => 'graph' in pipeline && 'toSpec' in pipeline;
