import type { ConfigKey, ConfigProblem, RawConfig } from '../sdk/config.ts';
import type { BatchOperator, OperatorContext } from '../sdk/operator.ts';
import { when } from '../sdk/when.ts';
import type { ChainProblem } from './chain-config.ts';
import { ChainError } from './chain-error.ts';
import { type ChainLookup, chainPlugins, type PredicatePlugin, type TransformPlugin } from './chain-plugins.ts';

/** A transform of a connector, ready to run. */
export interface ChainStage {
  readonly name: string;
  create(context: OperatorContext): BatchOperator;
}

/**
 * The transforms of a connector config, in order, each under its predicate.
 *
 * Throws the first error that Connect throws for it, in its words: classes first, then keys, then what shows when plugins are
 * configured.
 */
export function transformChain(raw: RawConfig, lookup: ChainLookup): readonly ChainStage[] {
  const { transforms, predicates } = chainPlugins(raw, lookup);
  for (const plugin of [...transforms, ...predicates]) validateKeys(plugin);
  return transforms.map((transform) => {
    const config = configured(transform);
    const condition = conditionOf(transform, predicates);
    const { definition } = transform;
    const make = (context: OperatorContext) => definition.create(config, context) as BatchOperator;
    return { name: transform.path, create: condition === undefined ? make : (context) => condition(make(context)) };
  });
}

function validateKeys(plugin: TransformPlugin | PredicatePlugin): void {
  const { definition, path, own } = plugin;
  const problems = 'problems' in plugin ? plugin.problems.filter(({ at }) => at === 'validate') : [];
  // That a predicate is missing shows before any key is read; a flag that is none comes behind the keys of the plugin.
  if (plugin.own['predicate'] === undefined) refuse(problems);
  const parsed = definition.config.parse(own, `${path}.`);
  if ('among' in parsed && parsed.among === 'keys') {
    const [problem] = inReadingOrder(parsed.problems, definition.config.keys);
    if (problem !== undefined) throw new ChainError('validate', problem.message);
  }
  refuse(problems);
}

const ranks = { high: 0, medium: 1, low: 2 } as const satisfies Record<ConfigKey['importance'], number>;

/** Connect reads the keys of a transform inside a connector config by these ranks, whatever the order in which they are declared. */
function inReadingOrder(problems: readonly ConfigProblem[], keys: readonly ConfigKey[]): readonly ConfigProblem[] {
  const rankOf = new Map(
    keys.map(({ name, defaultValue, importance }) => [name, (defaultValue === undefined ? 0 : 10) + ranks[importance]]),
  );
  const rank = ({ key }: ConfigProblem) => rankOf.get(key) ?? 0;
  return problems.toSorted((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}

function refuse([problem]: readonly ChainProblem[]): void {
  if (problem !== undefined) throw new ChainError(problem.at, problem.message);
}

function configured({ definition, path, own }: TransformPlugin | PredicatePlugin): unknown {
  const parsed = definition.config.parse(own, `${path}.`);
  const [problem] = parsed.problems;
  if (problem !== undefined) throw new ChainError('configure', problem.message);
  return parsed.value;
}

function conditionOf(
  { condition, problems }: TransformPlugin,
  predicates: readonly PredicatePlugin[],
): ((operator: BatchOperator) => BatchOperator) | undefined {
  refuse(problems);
  const predicate = predicates.find(({ path }) => path === condition?.predicate.path);
  if (condition === undefined || predicate === undefined) return undefined;
  const config = configured(predicate);
  return (operator) =>
    when(predicate.definition.create(config) as (record: unknown) => boolean, operator as BatchOperator<unknown>, {
      negate: condition.negate,
    }) as BatchOperator;
}
