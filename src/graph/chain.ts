import type { RawConfig } from '../sdk/config.ts';
import type { BatchOperator, OperatorContext } from '../sdk/operator.ts';
import { when } from '../sdk/when.ts';
import { ChainError } from './chain-error.ts';
import { type ChainLookup, type ChainPlugin, chainPlugins } from './chain-plugins.ts';
import { withPrefix } from './with-prefix.ts';

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
  for (const plugin of [...transforms, ...predicates]) validateKeys(plugin, raw);
  return transforms.map((transform) => {
    const config = configured(transform);
    const condition = conditionOf(transform, predicates, raw);
    const { definition } = transform;
    const make = (context: OperatorContext) => definition.create(config, context) as BatchOperator;
    return { name: transform.path, create: condition === undefined ? make : (context) => condition(make(context)) };
  });
}

type TransformPlugin = ChainPlugin<'operator'>;
type PredicatePlugin = ChainPlugin<'predicate'>;

function validateKeys({ definition, path, own }: TransformPlugin | PredicatePlugin, raw: RawConfig): void {
  if (definition.kind === 'operator') validateCondition(path, raw);
  const parsed = definition.config.parse(own, `${path}.`);
  const [problem] = parsed.problems;
  if (problem !== undefined && 'among' in parsed && parsed.among === 'keys') throw new ChainError('validate', problem.message);
}

function validateCondition(path: string, raw: RawConfig): void {
  const negate = raw[`${path}.negate`];
  if (negate === undefined) return;
  if (raw[`${path}.predicate`] === undefined) {
    const why = `but there is no config '${path}.predicate' defining a predicate to be negated.`;
    throw new ChainError('validate', `Config '${path}.negate' was provided ${why}`);
  }
  if (/^\s*(?:true|false)\s*$/i.test(String(negate))) return;
  const why = 'Expected value to be either true or false';
  throw new ChainError('validate', `Invalid value ${String(negate)} for configuration ${path}.negate: ${why}`);
}

function configured({ definition, path, own }: TransformPlugin | PredicatePlugin): unknown {
  const parsed = definition.config.parse(own, `${path}.`);
  const [problem] = parsed.problems;
  if (problem !== undefined) throw new ChainError('configure', problem.message);
  return parsed.value;
}

function conditionOf(
  { path }: TransformPlugin,
  predicates: readonly PredicatePlugin[],
  raw: RawConfig,
): ((operator: BatchOperator) => BatchOperator) | undefined {
  const { predicate: alias, negate } = withPrefix(raw, `${path}.`);
  if (alias === undefined) return undefined;
  const name = String(alias).trim();
  const predicate = predicates.find((candidate) => candidate.path === `predicates.${name}`);
  if (predicate === undefined) throw new ChainError('configure', `Unknown configuration 'predicates.${name}.plugin.version'`);
  const config = configured(predicate);
  // Checked with blanks around it, read without: ` true` negates nothing.
  const negated = String(negate ?? 'false').toLowerCase() === 'true';
  return (operator) =>
    when(predicate.definition.create(config) as (record: unknown) => boolean, operator as BatchOperator<unknown>, {
      negate: negated,
    }) as BatchOperator;
}
