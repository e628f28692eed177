import { type GraphProblem, graphErrors } from '../errors/graph.ts';
import type { Stage } from '../record/outcome.ts';
import type { ConfigProblem, RawConfig } from '../sdk/config.ts';
import type { ConverterRole } from '../sdk/converter.ts';
import { decodeRecords } from '../sdk/decode-records.ts';
import { encodeRecords } from '../sdk/encode-records.ts';
import { type BatchOperator, type Holds, type OperatorContext, standaloneContext, type Touches } from '../sdk/operator.ts';
import { when } from '../sdk/when.ts';
import { type ConfigPath, documentPath, type Place } from './config-path.ts';
import type {
  AnyDefinition,
  ConverterNode,
  DefinitionOf,
  Graph,
  InlineNode,
  OperatorNode,
  PluginKind,
  PluginUse,
  SinkNode,
} from './graph.ts';
import { type Holding, holdsProblems } from './holds.ts';
import { lineProblems } from './line.ts';
import type { PipelineSettings } from './pipeline-spec.ts';
import type { PluginLookup } from './plugin-lookup.ts';

/** A plugin, found, with its config parsed. `raw` is what a connector divides among tasks. */
export interface Resolved<K extends PluginKind> {
  readonly name: string;
  readonly definition: DefinitionOf[K];
  readonly raw: RawConfig;
  readonly config: unknown;
}

/** A stage between source and sink; every task makes its own operator. */
export interface CompiledStage {
  readonly name: string;
  create(context?: OperatorContext): BatchOperator<never, unknown>;
}

/** A checked pipeline: every plugin found, every config parsed, every limit compared. */
export interface CompiledGraph {
  readonly name: string;
  readonly source: Resolved<'source'>;
  readonly stages: readonly CompiledStage[];
  readonly sink: Resolved<'sink'>;
  readonly settings: PipelineSettings;
  /** Parts of a record that any operator reads or writes: what is not in it need not be converted. */
  readonly touches: ReadonlySet<Touches[number]>;
  /** The class that works at a stage of a node, as Connect names it in dead letters. */
  classAt(node: string, stage: Stage): string | undefined;
}

export interface CompileOptions {
  /** Where users wrote what the graph was made of. Default: paths into the JSON document. */
  readonly path?: ConfigPath;
  /** Problems that are known already, to be told with those found here. */
  readonly problems?: readonly GraphProblem[];
}

/** Checks a graph and finds its plugins. All problems are reported in one error, each with its node, config path and remedy. */
export function compile(graph: Graph, plugins: PluginLookup, options: CompileOptions = {}): CompiledGraph {
  const { path = documentPath, problems: known = [] } = options;
  const resolver = new Resolver(plugins, path);
  const sources: Resolved<'source'>[] = [];
  const stages: CompiledStage[] = [];
  const sinks: Resolved<'sink'>[] = [];
  for (const node of graph.nodes) {
    if (node.kind === 'source') sources.push(...resolver.resolve(node.name, 'source', node.use));
    else if (node.kind === 'sink') sinks.push(...resolver.sink(node));
    else stages.push(...resolver.stage(node));
  }
  // What the config lacks has been told; that there is no plugin of no name is the same problem again.
  const told = new Set(known.map(({ path }) => path));
  const found = resolver.problems.filter(({ path }) => !told.has(path));
  const problems = [...known, ...lineProblems(graph), ...found, ...holdsProblems(resolver.holdings, graph.settings)];
  const [source] = sources;
  const [sink] = sinks;
  if (problems.length > 0 || source === undefined || sink === undefined) throw graphErrors.INVALID({ pipeline: graph.name, problems });
  const { touches, classes } = resolver;
  const classAt = (node: string, stage: Stage) => classes.get(`${stage} ${node}`);
  return { name: graph.name, source, stages, sink, settings: graph.settings, touches, classAt };
}

/** Finds plugins and parses configs, and gathers what is wrong or worth knowing on the way. A list is empty where a problem was found. */
class Resolver {
  readonly problems: GraphProblem[] = [];
  readonly holdings: Holding[] = [];
  readonly touches = new Set<Touches[number]>();
  /** By `STAGE node`. */
  readonly classes = new Map<string, string>();
  readonly #plugins: PluginLookup;
  readonly #path: ConfigPath;

  constructor(plugins: PluginLookup, path: ConfigPath) {
    this.#plugins = plugins;
    this.#path = path;
  }

  resolve<K extends PluginKind>(node: string, kind: K, use: PluginUse<K>, place: Place = 'config'): readonly Resolved<K>[] {
    const found = use.by === 'definition' ? use : this.#plugins.find(kind, use.name);
    if ('error' in found) {
      const { message, remedy } = found.error;
      this.problems.push({ node, path: this.#path(node, place), message: withoutRemedy(message, remedy), remedy });
      return [];
    }
    const parsed = found.definition.config.parse(use.config);
    if (parsed.problems.length > 0) {
      for (const problem of parsed.problems) this.#refused(node, place, found.definition.name, problem);
      return [];
    }
    return [{ name: node, definition: found.definition, raw: use.config, config: parsed.value }];
  }

  sink(node: SinkNode): readonly Resolved<'sink'>[] {
    const resolved = this.resolve(node.name, 'sink', node.use);
    for (const { definition } of resolved) this.#holds(node.name, definition.holds);
    return resolved;
  }

  stage(node: OperatorNode | InlineNode | ConverterNode): readonly CompiledStage[] {
    if (node.kind === 'operator') return this.#operator(node);
    if (node.kind !== 'inline') return this.#converters(node);
    this.#touch(everything);
    return [{ name: node.name, create: () => node.operator }];
  }

  #operator({ name, use, when: condition }: OperatorNode): readonly CompiledStage[] {
    const [operator] = this.resolve(name, 'operator', use);
    const [predicate] = condition ? this.resolve(name, 'predicate', condition.use, 'when') : [];
    if (operator === undefined || (condition && predicate === undefined)) return [];
    const { definition, config } = operator;
    this.#works(name, 'TRANSFORMATION', definition);
    this.#holds(name, definition.holds);
    this.#touch(predicate ? everything : (definition.touches ?? everything));
    if (predicate === undefined) return [{ name, create: (context = standaloneContext) => definition.create(config, context) }];
    const negate = condition?.negate ?? false;
    const applies = () => predicate.definition.create(predicate.config) as (record: unknown) => boolean;
    const create = (context = standaloneContext) =>
      when(applies(), definition.create(config, context) as BatchOperator<unknown>, { negate });
    return [{ name, create }];
  }

  #converters({ kind, name, uses }: ConverterNode): readonly CompiledStage[] {
    const make = (role: ConverterRole) => {
      const use = { ...uses[role], config: { ...uses[role].config, 'converter.type': role } };
      return this.resolve(name, 'converter', use, role).map(({ definition, config }) => {
        this.#works(name, converterStages[role], definition);
        return () => definition.create(config, role);
      });
    };
    const [[key], [value], [header]] = [make('key'), make('value'), make('header')];
    if (key === undefined || value === undefined || header === undefined) return [];
    const lift = kind === 'decode' ? decodeRecords : encodeRecords;
    return [{ name, create: () => lift({ key: key(), value: value(), header: header() }) }];
  }

  #refused(node: string, place: Place, plugin: string, { key, message }: ConfigProblem): void {
    this.problems.push({ node, path: this.#path(node, place, key), message, remedy: `Run: sluice plugins ${plugin}` });
  }

  #holds(node: string, holds: Holds | undefined): void {
    if (holds) this.holdings.push({ node, path: this.#path(node, 'config'), holds });
  }

  #works(node: string, stage: Stage, { name, aliases = [] }: Pick<AnyDefinition, 'name' | 'aliases'>): void {
    this.classes.set(`${stage} ${node}`, aliases.find((alias) => alias.includes('.')) ?? name);
  }

  #touch(parts: Touches): void {
    for (const part of parts) this.touches.add(part);
  }
}

const converterStages = {
  key: 'KEY_CONVERTER',
  value: 'VALUE_CONVERTER',
  header: 'HEADER_CONVERTER',
} as const satisfies Record<ConverterRole, Stage>;

const everything: Touches = ['topic', 'partition', 'key', 'value', 'timestamp', 'headers'];

/** A SluiceError ends its message with the remedy; a problem shows them apart. */
const withoutRemedy = (message: string, remedy: string): string =>
  message.endsWith(remedy) ? message.slice(0, -remedy.length).trim() : message;
