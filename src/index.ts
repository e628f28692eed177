/** Pipelines in code (published as `sluice`): `pipeline(name).from(source).pipe(operator, …).to(sink)`, and `run` to run them. */
export { named, type OpenPipeline, type Pipeline, pipeline } from './graph/builder.ts';
export { type ConverterChoices, decode, encode } from './graph/conversion.ts';
export { explainMermaid, explainText } from './graph/explain.ts';
export type { AnyDefinition as PluginDefinition } from './graph/graph.ts';
export type { PipelineSettingsInput, PipelineSpec, PipelineSpecInput } from './graph/pipeline-spec.ts';
export type { ConnectorConfig, Runnable } from './worker/compiled-of.ts';
export { type PipelineEvent, type RunPipelineOptions, run } from './worker/run-pipeline.ts';
