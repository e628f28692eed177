import type { Check, RawConfig } from '../sdk/config.ts';
import { invalidValue, notNull } from '../sdk/config-checks.ts';
import { config } from '../sdk/config-definition.ts';
import { list } from '../sdk/config-kinds.ts';
import type { ChainError } from './chain-error.ts';
import { at } from './key-place.ts';
import { withPrefix } from './with-prefix.ts';

/** Something that Connect refuses in the transforms or predicates of a connector, in its words. */
export interface ChainProblem {
  /** The key that is wrong. */
  readonly path: string;
  readonly message: string;
  /** When Connect notices. */
  readonly at: ChainError['at'];
}

/** A transform or predicate as a connector config names it. */
export interface ChainEntry {
  /** `transforms.mask` */
  readonly path: string;
  /** Its class, alias or own name; `undefined`: it is missing. */
  readonly type: string | undefined;
  /** Its keys, without the path. */
  readonly own: RawConfig;
}

export interface TransformEntry extends ChainEntry {
  /** The predicate it runs under, and whether it runs where that is false. */
  readonly condition: { readonly predicate: ChainEntry; readonly negate: boolean } | undefined;
  /** What is wrong with the condition; then there is none. */
  readonly problems: readonly ChainProblem[];
}

export interface ChainConfig {
  readonly transforms: readonly TransformEntry[];
  readonly predicates: readonly ChainEntry[];
  /** What is wrong with the lists of aliases. */
  readonly problems: readonly ChainProblem[];
}

const distinctAliases: Check<readonly string[]> = (value, name) =>
  value !== null && new Set(value).size < value.length ? invalidValue(value, name, 'Duplicate alias provided.') : undefined;

/** A list of names that other keys begin with, none of them twice. */
export const aliases = (options: ReturnType<typeof at> & { readonly doc: string }) =>
  list({ ...options, default: [], importance: 'low', checks: [notNull, distinctAliases] });

export const chainKeys = {
  transforms: aliases({ ...at('Transforms', 12, 'long', 'Transforms'), doc: 'Names of the transforms, in their order.' }),
  predicates: aliases({ ...at('Predicates', 13, 'long', 'Predicates'), doc: 'Names of the predicates that transforms refer to.' }),
};
const chains = config(chainKeys);

/** Reads `transforms`, `predicates` and what belongs to each alias: the one place that knows these keys. */
export function chainConfig(raw: RawConfig): ChainConfig {
  const parsed = chains.parse(raw);
  const problems = parsed.problems.map(({ key, message }): ChainProblem => ({ path: key, message, at: 'validate' }));
  const transforms = (parsed.value?.transforms ?? []).map((alias) => entry(`transforms.${alias}`, raw));
  const predicates = (parsed.value?.predicates ?? []).map((alias) => entry(`predicates.${alias}`, raw));
  return { transforms: transforms.map((transform) => withCondition(transform, predicates)), predicates, problems };
}

/** Whether the value of `negate` can be read. */
const isFlag = (value: unknown): boolean => /^\s*(?:true|false)\s*$/i.test(String(value));

function entry(path: string, raw: RawConfig): ChainEntry {
  const own = withPrefix(raw, `${path}.`);
  const { type } = own;
  return { path, own, type: type === undefined || type === null ? undefined : String(type) };
}

function withCondition(transform: ChainEntry, predicates: readonly ChainEntry[]): TransformEntry {
  const { path, own } = transform;
  const { predicate: alias, negate } = own;
  const problems: ChainProblem[] = [];
  const problem = (key: string, message: string, at: ChainProblem['at']) => problems.push({ path: `${path}.${key}`, message, at });
  if (negate !== undefined && alias === undefined) {
    const why = `but there is no config '${path}.predicate' defining a predicate to be negated.`;
    problem('negate', `Config '${path}.negate' was provided ${why}`, 'validate');
  } else if (negate !== undefined && !isFlag(negate)) {
    const why = 'Expected value to be either true or false';
    problem('negate', `Invalid value ${String(negate)} for configuration ${path}.negate: ${why}`, 'validate');
  }
  if (alias === undefined) return { ...transform, condition: undefined, problems };
  // Connect looks for the alias as it was written, blanks included; and reads ` true`, which it has found fine, as false.
  const predicate = predicates.find((candidate) => candidate.path === `predicates.${String(alias)}`);
  if (predicate === undefined) {
    problem('predicate', `Unknown configuration 'predicates.${String(alias)}.plugin.version'`, 'configure');
    return { ...transform, condition: undefined, problems };
  }
  return { ...transform, condition: { predicate, negate: String(negate).toLowerCase() === 'true' }, problems };
}
