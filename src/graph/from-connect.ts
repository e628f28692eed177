import type { GraphProblem } from '../errors/graph.ts';
import type { ConfigDefinition, ConfigProblem, RawConfig } from '../sdk/config.ts';
import { parseConfig } from '../sdk/define.ts';
import { type ConfigPath, documentPath } from './config-path.ts';
import { connectConverters } from './connect-converters.ts';
import { connectTransforms } from './connect-transforms.ts';
import { connectorConfig, sinkConnectorConfig } from './connector-config.ts';
import type { PluginKind } from './graph.ts';
import { type NodeSpec, type PipelineSettings, type PipelineSpec, type PluginRef, pipelineSettings } from './pipeline-spec.ts';
import type { PluginNames } from './plugin-lookup.ts';
import { watchdogConfig } from './run-config.ts';
import { withPrefix } from './with-prefix.ts';

export interface FromConnectOptions {
  /** The worker's properties: converters that a connector does not set, client settings by prefix, the flush interval. */
  readonly worker?: RawConfig;
  readonly plugins: PluginNames;
}

/** A connector as a pipeline. `problems` go to `compile`, which reports them with its own. */
export interface ConnectPipeline {
  readonly spec: PipelineSpec;
  /** Paths in the words of the connector's config: `transforms.mask.fields`. */
  readonly path: ConfigPath;
  readonly problems: readonly GraphProblem[];
}

type ConfigFrom<D> = D extends ConfigDefinition<infer C, infer _> ? C : never;
type ConnectorConfig = ConfigFrom<typeof connectorConfig>;
type SinkConnectorConfig = ConfigFrom<typeof sinkConnectorConfig>;

/**
 * The pipeline of a Connect connector config: a source connector is source → transforms → encode → topic, a sink connector is
 * topic → decode → transforms → sink.
 *
 * Always gives a graph, even of a config with mistakes, so that the compiler can tell all of them at once.
 */
export function fromConnect(raw: RawConfig, { worker = {}, plugins }: FromConnectOptions): ConnectPipeline {
  const problems: GraphProblem[] = [];
  const connector = readable(raw, problems);
  const { name, 'connector.class': plugin } = connector;
  const isSink = kindOf(raw, plugins.kindsOf(plugin)) === 'sink';
  const transforms = connectTransforms(raw, plugins);
  const converters = connectConverters(raw, worker);
  problems.push(...transforms.problems, ...converters.problems);
  const own = { plugin, config: raw };
  const nodes: readonly NodeSpec[] = isSink
    ? [
        { kind: 'source', name: 'topics', ...topicSource(name, raw, worker) },
        { kind: 'decode', name: 'decode', ...converters.refs },
        ...transforms.nodes,
        { kind: 'sink', name: 'sink', ...own },
      ]
    : [
        { kind: 'source', name: 'source', ...own },
        ...transforms.nodes,
        { kind: 'encode', name: 'encode', ...converters.refs },
        { kind: 'sink', name: 'topics', ...topicSink(raw, worker) },
      ];
  const sink = isSink ? sinkConnectorConfig.parse(raw) : undefined;
  const watchdog = watchdogConfig.parse({ ...worker, ...raw });
  problems.push(...problemsOf(raw, [...(sink?.problems ?? []), ...watchdog.problems]));
  const settings = { connector, sink: sink?.value, watchdogMs: watchdog.value?.['task.watchdog.ms'], worker };
  const spec = { name, nodes: [...nodes], settings: settingsOf(settings) };
  return { spec, path: connectPath(transforms.predicates), problems };
}

/** A class that is neither is reported by the compiler; what has topics to read is then taken for a sink. */
function kindOf(raw: RawConfig, kinds: readonly PluginKind[]): 'source' | 'sink' {
  const [kind] = kinds.filter((candidate) => candidate === 'source' || candidate === 'sink');
  if (kind !== undefined && !(kinds.includes('source') && kinds.includes('sink'))) return kind;
  return 'topics' in raw || 'topics.regex' in raw ? 'sink' : 'source';
}

/** The keys that can be read; those that cannot are problems, and count as not set. */
function readable(raw: RawConfig, problems: GraphProblem[]): ConnectorConfig {
  const first = connectorConfig.parse(raw);
  if (first.value !== undefined) return first.value;
  problems.push(...problemsOf(raw, first.problems));
  const wrong = new Set(first.problems.map(({ key }) => key));
  const rest = Object.entries(raw).filter(([key]) => !wrong.has(key));
  return parseConfig(
    { name: 'connector', config: connectorConfig },
    { name: 'connector', 'connector.class': '', ...Object.fromEntries(rest) },
  );
}

const problemsOf = (raw: RawConfig, problems: readonly ConfigProblem[]): readonly GraphProblem[] =>
  problems.map(({ key, message }) => ({
    node: String(raw['name'] ?? 'connector'),
    path: key,
    message: message.endsWith('.') ? message : `${message}.`,
    remedy: `Correct ${key}.`,
  }));

interface ReadSettings {
  readonly connector: ConnectorConfig;
  readonly sink: SinkConnectorConfig | undefined;
  /** 0: never. */
  readonly watchdogMs: number | undefined;
  readonly worker: RawConfig;
}

function settingsOf({ connector, sink, watchdogMs, worker }: ReadSettings): PipelineSettings {
  const topic = sink?.['errors.deadletterqueue.topic.name'];
  const interval = Number(worker['offset.flush.interval.ms'] ?? Number.NaN);
  const timeout = Number(worker['offset.flush.timeout.ms'] ?? Number.NaN);
  return pipelineSettings.parse({
    tasksMax: connector['tasks.max'],
    ...(interval >= 0 ? { commitIntervalMs: interval } : {}),
    ...(timeout >= 1 ? { commitTimeoutMs: timeout } : {}),
    ...(watchdogMs === undefined ? {} : { watchdogMs: watchdogMs === 0 ? null : watchdogMs }),
    errors: {
      tolerance: connector['errors.tolerance'],
      retryTimeoutMs: connector['errors.retry.timeout'],
      retryMaxDelayMs: connector['errors.retry.delay.max.ms'],
      log: connector['errors.log.enable'],
      logRecords: connector['errors.log.include.messages'],
      ...(sink && topic
        ? {
            deadLetters: {
              topic,
              replicationFactor: sink['errors.deadletterqueue.topic.replication.factor'],
              contextHeaders: sink['errors.deadletterqueue.context.headers.enable'],
            },
          }
        : {}),
    },
  });
}

const topicPlugin = 'kafka-topic';

/** Client settings: the worker's under `consumer.`, then the connector's under `consumer.override.`. */
function topicSource(name: string, raw: RawConfig, worker: RawConfig): PluginRef {
  const topics = Object.fromEntries(['topics', 'topics.regex'].flatMap((key) => (raw[key] === undefined ? [] : [[key, raw[key]]])));
  const client = { 'group.id': `connect-${name}`, ...withPrefix(worker, 'consumer.'), ...withPrefix(raw, 'consumer.override.') };
  return { plugin: topicPlugin, config: { ...client, ...topics } };
}

function topicSink(raw: RawConfig, worker: RawConfig): PluginRef {
  const allowed =
    String(worker['topic.creation.enable'] ?? 'true')
      .trim()
      .toLowerCase() === 'true';
  const creation = Object.fromEntries(Object.entries(raw).filter(([key]) => allowed && key.startsWith('topic.creation.')));
  return { plugin: topicPlugin, config: { ...withPrefix(worker, 'producer.'), ...withPrefix(raw, 'producer.override.'), ...creation } };
}

const connectPath =
  (predicates: ReadonlyMap<string, string>): ConfigPath =>
  (node, place, key) => {
    const inside = (prefix: string, plugin: string) => `${prefix}.${key ?? plugin}`;
    if (place === 'when') return inside(predicates.get(node) ?? 'predicates', 'type');
    if (place !== 'config') return key === undefined ? `${place}.converter` : `${place}.converter.${key}`;
    if (node.startsWith('transforms.')) return inside(node, 'type');
    if (node === 'source' || node === 'sink') return key ?? 'connector.class';
    return key ?? documentPath(node, place);
  };
