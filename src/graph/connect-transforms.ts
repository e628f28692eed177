import type { GraphProblem } from '../errors/graph.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { NodeSpec, PluginRef } from './pipeline-spec.ts';
import { withPrefix } from './with-prefix.ts';

type OperatorSpec = Extract<NodeSpec, { kind: 'operator' }>;

interface Transforms {
  readonly nodes: readonly OperatorSpec[];
  /** Which predicate the node of a transform uses. */
  readonly predicates: ReadonlyMap<string, string>;
  readonly problems: readonly GraphProblem[];
}

/** Keys of a transform that belong to Connect, not to its plugin. */
const reserved = new Set(['type', 'predicate', 'negate', 'plugin.version']);

/** The transforms of a connector, in order, each with its predicate. */
export function connectTransforms(
  connector: { readonly name: string; readonly transforms: readonly string[]; readonly predicates: readonly string[] },
  raw: RawConfig,
): Transforms {
  const nodes: OperatorSpec[] = [];
  const predicates = new Map<string, string>();
  const problems: GraphProblem[] = [];
  for (const alias of connector.transforms) {
    const name = `transforms.${alias}`;
    const own = withPrefix(raw, `${name}.`);
    const problem = (key: string, message: string, remedy: string) =>
      problems.push({ node: name, path: `${name}.${key}`, message, remedy });
    const ref = refOf(own);
    if (ref === undefined) problem('type', 'It has no type.', `Set ${name}.type to a transformation.`);
    const predicate = own['predicate'];
    const negate = parseNegate(own['negate']);
    if (negate === undefined) problem('negate', `${String(own['negate'])} is neither true nor false.`, 'Set it to true or false.');
    if (own['negate'] !== undefined && predicate === undefined) {
      problem('negate', 'It negates a predicate, but there is none.', `Set ${name}.predicate, or leave negate out.`);
    }
    if (ref === undefined) continue;
    const condition = typeof predicate === 'string' ? conditionOf(connector.predicates, raw, predicate) : undefined;
    if (typeof predicate === 'string' && condition === undefined) {
      problem('predicate', `There is no predicate ${predicate}.`, `List ${predicate} in predicates and set predicates.${predicate}.type.`);
    }
    if (typeof predicate === 'string') predicates.set(name, predicate);
    nodes.push({ kind: 'operator', name, ...ref, ...(condition ? { when: { ...condition, negate: negate ?? false } } : {}) });
  }
  return { nodes, predicates, problems };
}

function conditionOf(listed: readonly string[], raw: RawConfig, alias: string): PluginRef | undefined {
  return listed.includes(alias) ? refOf(withPrefix(raw, `predicates.${alias}.`)) : undefined;
}

function refOf(own: RawConfig): PluginRef | undefined {
  const { type } = own;
  if (typeof type !== 'string' || type.trim() === '') return undefined;
  return { plugin: type.trim(), config: Object.fromEntries(Object.entries(own).filter(([key]) => !reserved.has(key))) };
}

function parseNegate(raw: unknown): boolean | undefined {
  if (raw === undefined) return false;
  const text = String(raw).trim().toLowerCase();
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}
