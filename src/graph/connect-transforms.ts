import type { GraphProblem } from '../errors/graph.ts';
import type { RawConfig } from '../sdk/config.ts';
import { type ChainEntry, type ChainProblem, chainConfig, type TransformEntry } from './chain-config.ts';
import type { NodeSpec, PluginRef } from './pipeline-spec.ts';
import type { PluginNames } from './plugin-lookup.ts';
import { unmetVersion } from './plugin-version.ts';

type OperatorSpec = Extract<NodeSpec, { kind: 'operator' }>;

interface Transforms {
  readonly nodes: readonly OperatorSpec[];
  /** Which predicate the node of a transform uses: `predicates.isCrm`. */
  readonly predicates: ReadonlyMap<string, string>;
  readonly problems: readonly GraphProblem[];
}

/** Keys of a transform that belong to Connect, not to its plugin. */
const reserved = new Set(['type', 'predicate', 'negate', 'plugin.version']);

/**
 * The transforms of a connector, in order, each with its predicate. Whether the plugins exist is for the compiler to say; in which version is
 * checked here, since nodes of a graph ask for none.
 */
export function connectTransforms(raw: RawConfig, plugins: PluginNames): Transforms {
  const chain = chainConfig(raw);
  const nodes: OperatorSpec[] = [];
  const predicates = new Map<string, string>();
  const problems = chain.problems.map((problem) => graphProblem(String(raw['name'] ?? 'connector'), problem));
  for (const transform of chain.transforms) {
    const name = transform.path;
    problems.push(...problemsOf(transform), ...unmetVersions(transform, plugins));
    const ref = refOf(transform);
    if (ref === undefined) continue;
    const { condition } = transform;
    const predicate = condition === undefined ? undefined : refOf(condition.predicate);
    if (condition !== undefined) predicates.set(name, condition.predicate.path);
    const when = condition === undefined || predicate === undefined ? {} : { when: { ...predicate, negate: condition.negate } };
    nodes.push({ kind: 'operator', name, ...ref, ...when });
  }
  return { nodes, predicates, problems };
}

function problemsOf({ path, type, condition, problems }: TransformEntry): GraphProblem[] {
  const found = problems.map((problem) => graphProblem(path, problem));
  const untyped = (at: string, kind: string, remedy: string): ChainProblem & { remedy: string } => ({
    path: at,
    message: `Invalid value null for configuration ${at}: Not a ${kind}`,
    at: 'validate',
    remedy,
  });
  if ((type ?? '').trim() === '')
    found.push(graphProblem(path, untyped(`${path}.type`, 'Transformation', `Set ${path}.type to a transformation.`)));
  if (condition !== undefined && (condition.predicate.type ?? '').trim() === '') {
    const { path: predicate } = condition.predicate;
    found.push(graphProblem(path, untyped(`${predicate}.type`, 'Predicate', `Set ${predicate}.type to a predicate.`)));
  }
  return found;
}

/** Plugins that are there, but not in the version asked for. */
function unmetVersions({ path: node, condition, ...transform }: TransformEntry, plugins: PluginNames): readonly GraphProblem[] {
  const uses = [
    { kind: 'operator', path: node, ...transform } as const,
    ...(condition ? [{ kind: 'predicate', ...condition.predicate } as const] : []),
  ];
  return uses.flatMap(({ kind, path, type, own }) => {
    const plugin = plugins.installed(kind, (type ?? '').trim());
    const message = plugin && unmetVersion(plugin, own['plugin.version']);
    return message === undefined ? [] : [graphProblem(node, { path: `${path}.plugin.version`, message, at: 'validate' })];
  });
}

const graphProblem = (node: string, { path, message, remedy }: ChainProblem & { readonly remedy?: string }): GraphProblem => ({
  node,
  path,
  message: message.endsWith('.') ? message : `${message}.`,
  remedy: remedy ?? `Correct ${path}.`,
});

function refOf({ type, own }: ChainEntry): PluginRef | undefined {
  const plugin = (type ?? '').trim();
  if (plugin === '') return undefined;
  return { plugin, config: Object.fromEntries(Object.entries(own).filter(([key]) => !reserved.has(key))) };
}
